"""Releases, imported one after another into Anki's real engine, and compared with what was foretold."""

from recto.verify.engine import NoEngineError
from recto.verify.report import as_json, as_text
from recto.verify.verification import Released, Step, Verification, verify

__all__ = ["NoEngineError", "Released", "Step", "Verification", "as_json", "as_text", "verify"]
