"""The simulated network: what a test breaks."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal, TypeAlias

    from . import _native
    from ._ledger import Ledger

    Lie: TypeAlias = Literal["wrong_bytes", "wrong_proof", "equivocation", "none"]


class SimulatedNetwork:
    """The validators of a simulated network and the links between them, for a test to break.

    They are numbered from 0. `Ledger.network` has it. All times are virtual, in milliseconds.
    """

    __slots__ = ("_native",)

    def __init__(self, native: _native.SimulatedNetwork) -> None:
        """Use `Ledger.network`."""
        self._native = native

    @property
    def validators(self) -> int:
        """How many validators there are."""
        return self._native.validators()

    def at(self, validator: int) -> Ledger:
        """The ledger as another validator has it: submits to that one, and reads its copy.

        To close it is to end the network. Raises `SimulationError`.
        """
        from ._ledger import Ledger

        return Ledger(self._native.at(validator))

    def crash(self, validator: int) -> None:
        """A validator loses power: it forgets everything that was not on its disk.

        Until it restarts, its ledger raises `ValidatorError`. Raises `SimulationError`, `LedgerError`.
        """
        self._native.crash(validator)

    def restart(self, validator: int) -> None:
        """Starts a validator that crashed. Raises `SimulationError`, `StoreError`, `LedgerError`."""
        self._native.restart(validator)

    def partition(self, groups: Iterable[Iterable[int]]) -> None:
        """Only validators of one group hear of each other; whoever is in none hears of nobody.

        `link` brings all together again. Raises `SimulationError`, `LedgerError`.
        """
        self._native.partition([list(group) for group in groups])

    def link(
        self,
        *,
        latency_ms: int | None = None,
        jitter_ms: int | None = None,
        lost_per_mille: int | None = None,
    ) -> None:
        """Links all validators, in this way.

        A message takes `latency_ms`, 2 unless said, which varies by `jitter_ms`; of a thousand
        `lost_per_mille` are lost, none unless said. Raises `SimulationError`, `LedgerError`.
        """
        self._native.link(latency_ms, jitter_ms, lost_per_mille)

    def skew(self, validator: int, millis: int) -> None:
        """Sets the clock of a validator so many milliseconds before those of the others, or behind them.

        Raises `SimulationError`, `LedgerError`.
        """
        self._native.skew(validator, millis)

    def lie(self, validator: int, how: Lie) -> None:
        """Has a validator lie from now on; with `none` it tells the truth again.

        `wrong_bytes`: bytes of what it sends are not those that it should send. `wrong_proof`: it proposes
        blocks and serves proofs that say what is not so. `equivocation`: it signs two blocks where there is
        to be one. Whoever reads or submits at one that serves wrong bytes or proofs is told of it, by the
        code `validator.lied`. It starts anew, unless it is down.

        Raises `SimulationError`, `StoreError`, `LedgerError`.
        """
        self._native.lie(validator, how)

    def run_for(self, millis: int) -> None:
        """Lets virtual time go by, in milliseconds. Raises `LedgerError`."""
        self._native.run_for(millis)

    def fingerprint(self) -> str:
        """A fingerprint of everything that has happened: the same calls on the same seed give the same.

        The same calls have the same idempotency keys: give `Session.submit` a `key`. Raises `LedgerError`.
        """
        return self._native.fingerprint()

    def __repr__(self) -> str:
        return f"<SimulatedNetwork of {self.validators}>"
