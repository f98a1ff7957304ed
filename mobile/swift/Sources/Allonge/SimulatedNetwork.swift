import AllongeRaw

extension Ledger {
    /// A network of banks in the process, for tests: real consensus on virtual time, from a seed. The ledger is at the
    /// first validator. Virtual time stands still while nothing is asked for, and nothing is kept.
    ///
    /// Throws `AllongeError.simulation`, `.genesis`; `.unsupportedHere` where the engine is not built in, as on phones.
    public static func simulate(_ options: SimulateOptions = SimulateOptions()) async throws -> Ledger {
        let given = try options.raw()
        return try await aside {
            let raw = try AllongeRaw.Ledger.simulate(options: given)
            return Ledger(raw: raw, trust: Trust(raw: raw.trust()))
        }
    }

    /// The simulated network that this ledger lives on; none for one in a directory.
    public var network: SimulatedNetwork? { raw.network().map(SimulatedNetwork.init(raw:)) }
}

/// How a simulated network is to be; what is absent is as the core chooses. Its clock is manual.
public struct SimulateOptions: Sendable {
    /// The banks that are admitted from the start; their keys, and the operator's, follow from the seed.
    public var banks: [PartyId]?
    /// How many validators order and execute, 1 to 20.
    public var validators: UInt32?
    /// Decides over everything that is chance.
    public var seed: UInt64?
    /// The ledger itself.
    public var ledger: OpenOptions

    public init(
        banks: [PartyId]? = nil, validators: UInt32? = nil, seed: UInt64? = nil, ledger: OpenOptions = OpenOptions()
    ) {
        self.banks = banks
        self.validators = validators
        self.seed = seed
        self.ledger = ledger
    }

    func raw() throws -> AllongeRaw.SimulateOptions {
        AllongeRaw.SimulateOptions(banks: banks, validators: validators, seed: seed, ledger: try ledger.raw())
    }
}

/// How a validator lies.
public enum Lie: String, Sendable, CaseIterable {
    /// Bytes of what it sends are not those that it should send: to other validators, and to whoever reads there.
    case wrongBytes = "wrong_bytes"
    /// It proposes blocks and serves proofs that say what is not so.
    case wrongProof = "wrong_proof"
    /// It signs two blocks where there is to be one, and shows each half of the others another history.
    case equivocation
    /// It tells the truth.
    case none
}

/// The validators of a simulated network and the links between them, for a test to break. They are numbered from 0; times
/// are virtual. `Ledger.network` has it.
public struct SimulatedNetwork: Sendable {
    let raw: AllongeRaw.SimulatedNetwork

    /// How many validators there are.
    public var validators: UInt32 { raw.validators() }

    /// The ledger as another validator has it: submits to that one, and reads its copy. To close it is to end the
    /// network. Throws `AllongeError.simulation`.
    public func at(_ validator: UInt32) throws -> Ledger {
        let raw = try calling { try self.raw.at(validator: validator) }
        return Ledger(raw: raw, trust: Trust(raw: raw.trust()))
    }

    /// A validator loses power: it forgets everything that was not on its disk. Until it restarts, its ledger says
    /// `validator.down`. Throws `AllongeError.simulation`, `.ledger`.
    public func crash(_ validator: UInt32) async throws { try await aside { try raw.crash(validator: validator) } }

    /// Starts a validator that crashed. Throws `AllongeError.simulation`, `.store`, `.ledger`.
    public func restart(_ validator: UInt32) async throws { try await aside { try raw.restart(validator: validator) } }

    /// Only validators of one group hear of each other; whoever is in none hears of nobody. `link` brings all together
    /// again. Throws `AllongeError.simulation`, `.ledger`.
    public func partition(_ groups: [[UInt32]]) async throws {
        try await aside { try raw.partition(groups: groups) }
    }

    /// Links all validators, in this way; what is absent is as the core chooses. A message takes `latencyMs`, which
    /// varies by `jitterMs`; of a thousand `lostPerMille` are lost. Throws `AllongeError.simulation`, `.ledger`.
    public func link(latencyMs: UInt64? = nil, jitterMs: UInt64? = nil, lostPerMille: UInt32? = nil) async throws {
        let options = AllongeRaw.LinkOptions(latencyMs: latencyMs, jitterMs: jitterMs, lostPerMille: lostPerMille)
        try await aside { try raw.link(options: options) }
    }

    /// Sets the clock of a validator so many milliseconds before those of the others, or behind them.
    ///
    /// Throws `AllongeError.simulation`, `.ledger`.
    public func skew(_ validator: UInt32, millis: Int64) async throws {
        try await aside { try raw.skew(validator: validator, millis: millis) }
    }

    /// Has a validator lie from now on; with `Lie.none` it tells the truth again. It starts anew, unless it is down.
    /// Whoever reads or submits at one that serves wrong bytes or proofs is told of it, by the code `validator.lied`.
    /// Throws `AllongeError.simulation`, `.store`, `.ledger`.
    public func lie(_ validator: UInt32, _ how: Lie) async throws {
        try await aside { try raw.lie(validator: validator, how: how.rawValue) }
    }

    /// Lets virtual time go by, in milliseconds. Throws `AllongeError.ledger`.
    public func runFor(millis: UInt64) async throws { try await aside { try raw.runFor(millis: millis) } }

    /// A fingerprint of everything that has happened: the same calls on the same seed give the same. The same calls have
    /// the same idempotency keys: give `Session.submit` a `key`. Throws `AllongeError.ledger`.
    public func fingerprint() async throws -> String { try await aside { try raw.fingerprint() } }
}
