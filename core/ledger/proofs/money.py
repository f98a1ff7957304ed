"""Proves that no transition of `src/account.rs`, `src/hold.rs`, `src/reversal.rs` and `Context::book` loses or makes
money.

The transitions are written down again below, in the order of the source. For each of them z3 proves: if the
books are sound before and the guards pass, then they are sound after, every currency is conserved, the
transition keeps its own promises, and what the source takes for granted is so: sums fit, and money that is
held is there. Only the accounts and the hold that a transition touches are written down; what an account
reserves for other holds is one number that stays. By induction the books are sound at every height.

Then each guard is left out in turn, and z3 must find books that break: a guard that nothing needs, or a proof
that proves nothing, fails the script too.

An amount is a mathematical integer here, with the bounds of 128 bits written out. That is exactly what the
source computes: it adds and subtracts by `checked_add` and `checked_sub` alone, which give the integer where
it fits and refuse where it does not. So a sum that may not fit is a guard, and every other one is to be
proved to fit.
"""

import sys
from dataclasses import dataclass, field, replace

from z3 import And, Bool, BoolVal, If, Implies, Int, Not, Or, Solver, Sum, sat, unsat

OPEN, POSTED, VOIDED, EXPIRED = range(4)


def fits(number):
    return And(number >= -(2**127), number < 2**127)


@dataclass(frozen=True)
class Account:
    currency: object
    liability: object
    balance: object
    held: object
    limited: object
    ceiling: object
    held_elsewhere: object  # What its holds reserve, but for the one at hand.

    @property
    def available(self):
        return self.balance - self.held


@dataclass(frozen=True)
class Hold:
    payer: str
    payee: str
    amount: object
    posted: object
    remaining: object
    state: object
    expires: object
    exchange: object


@dataclass
class Books:
    """What a transition touches, before and after it; what it is given and guards; what is to be proved of it
    beside soundness."""

    before: dict
    hold_before: Hold | None = None
    given: list = field(default_factory=list)
    accounts: dict = field(default_factory=dict)
    hold: Hold | None = None
    guards: dict = field(default_factory=dict)
    claims: list = field(default_factory=list)

    def guard(self, name, condition):
        assert name not in self.guards, name
        self.guards[name] = condition

    def claim(self, condition):
        self.claims.append(condition)


def books(*names, hold=None):
    """Any books with these accounts, and a hold between two of them."""

    def account(name):
        numbers = ["currency", "balance", "held", "ceiling", "held_elsewhere"]
        facts = ["liability", "limited"]
        return Account(
            **{part: Int(f"{name}.{part}") for part in numbers},
            **{part: Bool(f"{name}.{part}") for part in facts},
        )

    accounts = {name: account(name) for name in names}
    if hold:
        numbers = ["amount", "posted", "remaining", "state", "expires"]
        hold = Hold(*hold, exchange=Bool("hold.exchange"), **{part: Int(f"hold.{part}") for part in numbers})
    return Books(accounts, hold, accounts=dict(accounts), hold=hold)


def sound(accounts, hold):
    """What is true of the books at every height."""
    facts = []
    for name, it in accounts.items():
        of_hold = hold.remaining if hold and hold.payer == name else 0
        facts += [
            fits(it.balance),
            fits(it.held),
            fits(it.available),
            it.held_elsewhere >= 0,
            it.held == it.held_elsewhere + of_hold,
            If(it.liability, it.balance <= 0, it.available >= 0),
            Implies(it.limited, And(fits(it.ceiling), reached(it) <= it.ceiling)),
        ]
    if hold:
        facts += [
            BoolVal(hold.payer != hold.payee),
            accounts[hold.payer].currency == accounts[hold.payee].currency,
            fits(hold.amount),
            hold.amount > 0,
            hold.posted >= 0,
            hold.remaining >= 0,
            hold.posted + hold.remaining <= hold.amount,
            And(hold.state >= OPEN, hold.state <= EXPIRED),
            (hold.state == OPEN) == (hold.remaining > 0),
            Implies(hold.state == OPEN, hold.posted + hold.remaining == hold.amount),
            (hold.state == POSTED) == (hold.posted == hold.amount),
            Implies(hold.exchange, Or(hold.posted == 0, hold.posted == hold.amount)),
        ]
    return And(facts)


def reached(account):
    """What a ceiling limits."""
    return If(account.liability, -account.available, account.balance)


def conserved(books):
    """No currency, whichever it is, gained or lost."""
    currency = Int("any currency")
    gains = [
        If(was.currency == currency, books.accounts[name].balance - was.balance, 0)
        for name, was in books.before.items()
    ]
    return Sum(gains) == 0


# Parts of transitions.


def check_amount(books, account, amount, currency, leg=""):
    books.guard(f"{leg}positive", amount > 0)
    books.guard(f"{leg}in the payer's currency", currency == account.currency)


def check_drawing(account, amount):
    """`Account::check_drawing` and what it refuses by name."""
    left = account.available - amount
    limited_issue = And(account.liability, account.limited)
    return {
        "the debt fits": fits(left),
        "covered": Or(account.liability, left >= 0),
        "issued below the ceiling": Implies(limited_issue, account.ceiling + left >= 0),
    }, Implies(limited_issue, fits(account.ceiling + left))


def book(books, payer, payee, amount, currency, *, leg="", released=None, reverses=False):
    """`Context::book` for one leg; `released` is what was held for it. With `reverses` it is a leg that was booked
    before, the other way round."""
    known = released is not None or reverses
    if not known:
        books.guard(f"{leg}two ends", BoolVal(payer != payee))
    else:
        books.claim(BoolVal(payer != payee))
    from_, to = books.accounts[payer], books.accounts[payee]
    if released is not None:
        from_ = replace(from_, held=from_.held - released)
        books.claim(from_.held >= 0)
    checks, fitting = check_drawing(from_, amount)
    books.claim(fitting)
    for name, condition in checks.items():
        if released is None:
            books.guard(leg + name, condition)
        else:
            books.claim(condition)  # What is held can always be paid.
    from_ = replace(from_, balance=from_.balance - amount)
    books.claim(fits(from_.balance))

    if not known:
        books.guard(f"{leg}in the payee's currency", currency == to.currency)
    else:
        books.claim(currency == to.currency)
    to = replace(to, balance=to.balance + amount)
    books.guard(f"{leg}the balance fits", fits(to.balance))
    limited_asset = And(Not(to.liability), to.limited)
    books.guard(f"{leg}below the ceiling", Implies(limited_asset, to.ceiling - to.balance >= 0))
    books.claim(Implies(limited_asset, fits(to.ceiling - to.balance)))
    books.guard(f"{leg}owed", Implies(to.liability, to.balance <= 0))
    # Written one after the other: with one end, the payee's would stay.
    books.accounts[payer] = from_
    books.accounts[payee] = to


# Transitions, each with the ways in which its accounts may be the same.


def transfer():
    for payee in ["to", "from"]:
        it = books(*{"from": 0, payee: 0})
        amount, currency = Int("amount"), Int("amount.currency")
        check_amount(it, it.accounts["from"], amount, currency)
        book(it, "from", payee, amount, currency)
        yield it


def open_account():
    it = books("new")
    new = it.accounts["new"]
    it.before["new"] = replace(new, balance=0, held=0, limited=BoolVal(False), held_elsewhere=0)
    limit(it, "new", replace(it.before["new"], limited=new.limited, ceiling=new.ceiling))
    yield it


def set_ceiling():
    it = books("account")
    change = replace(it.accounts["account"], limited=Bool("limit"), ceiling=Int("new ceiling"))
    limit(it, "account", change)
    yield it


def limit(it, name, account):
    """`Account::with_ceiling`. What does not fit is below zero, so one guard is both refusals."""
    room = account.ceiling - reached(account)
    it.guard("not below what is there", Implies(account.limited, room >= 0))
    it.given.append(fits(account.ceiling))
    it.accounts[name] = account


def hold_funds():
    for payee in ["to", "from"]:
        it = books(*{"from": 0, payee: 0})
        from_, amount, currency = it.accounts["from"], Int("amount"), Int("amount.currency")
        it.guard("two ends", BoolVal(payee != "from"))
        check_amount(it, from_, amount, currency)
        it.guard("in the payee's currency", currency == it.accounts[payee].currency)
        checks, fitting = check_drawing(from_, amount)
        it.claim(fitting)
        for name, condition in checks.items():
            it.guard(name, condition)
        it.guard("what is held fits", fits(from_.held + amount))
        it.accounts["from"] = replace(from_, held=from_.held + amount)
        it.hold = Hold("from", payee, amount, 0, amount, OPEN, Int("expires"), Bool("exchange"))
        yield it


def post_hold():
    """In whole or in part, with nothing in return."""
    it = books("from", "to", hold=("from", "to"))
    amount = Int("amount")
    it.guard("nothing is due in return", Not(it.hold.exchange))
    it.guard("no more than remains", amount <= it.hold.remaining)
    post(it, amount)
    it.claim(Implies(it.hold.exchange, it.hold.posted == it.hold_before.posted))
    yield it


def post_exchange():
    """Against a payment, which may meet the first leg in either account, and must not pay itself."""
    ways = [("pay_from", "against"), ("to", "against"), ("pay_from", "from"), ("to", "from")]
    for pay_from, against in [*ways, ("to", "to"), ("from", "from"), ("pay_from", "pay_from")]:
        names = dict.fromkeys(["from", "to", pay_from, against])
        it = books(*names, hold=("from", "to"))
        amount = Int("amount")
        it.given.append(it.hold.exchange)
        it.guard("whole", amount == it.hold.remaining)
        post(it, amount)
        amount, currency = Int("return"), Int("return.currency")
        check_amount(it, it.accounts[pay_from], amount, currency, "return: ")
        book(it, pay_from, against, amount, currency, leg="return: ")
        yield it


def post(it, amount):
    hold, now, currency = it.hold, Int("now"), Int("amount.currency")
    it.claim(hold.state == OPEN)  # One that is closed has nothing left that could be posted.
    it.guard("in time", now <= hold.expires)
    check_amount(it, it.accounts[hold.payer], amount, currency)
    book(it, hold.payer, hold.payee, amount, currency, released=amount)
    remaining = hold.remaining - amount
    it.hold = replace(
        hold, posted=hold.posted + amount, remaining=remaining, state=If(remaining == 0, POSTED, hold.state)
    )
    it.claim(Implies(now > hold.expires, it.hold.posted == hold.posted))


def void_hold():
    """By its poster or its payer, in time or after it has expired."""
    it = books("from", "to", hold=("from", "to"))
    hold, now, by_poster, by_payer = it.hold, Int("now"), Bool("by poster"), Bool("by payer")
    expired = now > hold.expires
    it.guard("open", hold.state == OPEN)
    it.guard("bound", Or(by_poster, And(by_payer, expired)))
    from_ = it.accounts["from"]
    it.accounts["from"] = replace(from_, held=from_.held - hold.remaining)
    it.claim(it.accounts["from"].held >= 0)
    it.hold = replace(hold, remaining=0, state=If(expired, EXPIRED, VOIDED))
    it.claim(Implies(hold.state != OPEN, it.hold.state == hold.state))
    it.claim(Implies(And(Not(by_poster), Not(expired)), it.hold.remaining == hold.remaining))
    it.claim(Implies(And(Not(by_poster), Not(by_payer)), it.hold.remaining == hold.remaining))
    yield it


def reverse_transaction():
    """Of two transfers, as a payment and its fee: two legs, the other way round and the last first. Whatever happened
    meanwhile, each account gives what it got then, and gets what it gave."""
    for payer, payee in [("payer", "payee"), ("from", "payee"), ("from", "to"), ("to", "payee"), ("to", "from")]:
        it = books(*dict.fromkeys(["from", "to", payer, payee]))
        legs = [("from", "to", "first"), (payer, payee, "second")]
        moved = dict.fromkeys(it.accounts, 0)
        for giver, taker, leg in legs:
            amount, currency = Int(leg), Int(f"{leg}.currency")
            # It was booked, and an account keeps its currency.
            ends = [it.accounts[end].currency == currency for end in (giver, taker)]
            it.given += [amount > 0, fits(amount), *ends]
            moved[giver] -= amount
            moved[taker] += amount
        for giver, taker, leg in reversed(legs):
            amount, currency = Int(leg), Int(f"{leg}.currency")
            book(it, taker, giver, amount, currency, leg=f"{leg}: ", reverses=True)
        for name, change in moved.items():
            it.claim(it.accounts[name].balance == it.before[name].balance - change)
        yield it


TRANSITIONS = [
    open_account,
    set_ceiling,
    transfer,
    hold_funds,
    post_hold,
    post_exchange,
    void_hold,
    reverse_transaction,
]


def holds_always(it, without=None):
    """Whether sound books stay sound; `without` names a guard that is left out."""
    solver = Solver()
    solver.add(sound(it.before, it.hold_before), *it.given)
    solver.add([condition for name, condition in it.guards.items() if name != without])
    possible = solver.check()
    solver.add(Not(And(sound(it.accounts, it.hold), conserved(it), *it.claims)))
    broken = solver.check()
    assert possible in (sat, unsat), "z3 does not know"
    assert broken in (sat, unsat), "z3 does not know"
    return possible == sat, broken == unsat


def main():
    failures = []
    for transition in TRANSITIONS:
        ways = list(transition())
        answers = [holds_always(it) for it in ways]
        if not all(holds for _, holds in answers):
            failures.append(f"{transition.__name__} breaks the books")
        if not any(possible for possible, _ in answers):
            failures.append(f"{transition.__name__} can never happen")
        guards = dict.fromkeys(name for it in ways for name in it.guards)
        for guard in guards:
            if all(holds_always(it, without=guard)[1] for it in ways):
                failures.append(f"{transition.__name__} does not need its guard: {guard}")
        print(f"{transition.__name__}: {len(ways)} ways, {len(guards)} guards")
    sys.exit("\n".join(failures) or 0)


if __name__ == "__main__":
    main()
