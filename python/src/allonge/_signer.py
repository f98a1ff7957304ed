"""Keys."""

from __future__ import annotations

from . import _native


class Signer:
    """An Ed25519 key in this process's memory."""

    __slots__ = ("_native",)

    def __init__(self, native: _native.Signer) -> None:
        """Use `generate` or `from_seed`."""
        self._native = native

    @classmethod
    def generate(cls) -> Signer:
        """Makes a new key. Raises `SignerError`."""
        return cls(_native.Signer.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> Signer:
        """Takes the 32-byte private key of RFC 8032. Raises `ValueError` for any other length."""
        if len(seed) != 32:
            raise ValueError(f"a seed has 32 bytes, not {len(seed)}")
        return cls(_native.Signer.from_seed(bytes(seed)))

    @property
    def public_key(self) -> str:
        """The public half: `ed25519:` and 64 hexadecimal digits."""
        return self._native.public_key()

    def sign(self, message: bytes) -> bytes:
        """Signs a message. Raises `SignerError`."""
        return self._native.sign(message)

    def __repr__(self) -> str:
        return f"<Signer {self.public_key}>"
