"""Official warnings as rows, word for word."""

from domain.editions import Edition, Relay, Why
from domain.warnings import Action, OfficialWarning, Standing
from storage.moments import Moments, stored
from storage.statements import Record


def edition_row(edition: Edition) -> dict[str, object]:
    warning = edition.warning
    return {
        "key": warning.key,
        "issuer": warning.issuer,
        "event": warning.event,
        "level": warning.level,
        "action": warning.action.value,
        "standing": warning.standing.value,
        "issued_at": stored(warning.issued_at),
        "effective_at": stored(warning.effective_at),
        "expires_at": stored(warning.expires_at),
        "headline": warning.headline,
        "text": warning.text,
        "instruction": warning.instruction,
        "refs": list(warning.references),
        "source": warning.source,
        "credit": warning.credit,
        "seen_at": stored(edition.seen_at),
        "relay": edition.relay.value,
        "why": edition.why.value,
        "by_name": edition.by,
        "storm": edition.storm,
    }


def edition_of(row: Record, moments: Moments) -> Edition:
    warning = OfficialWarning(
        row.key, row.issuer, row.event, row.level, Action(row.action), moments.at(row.issued_at), row.headline,
        row.text, Standing(row.standing), moments.maybe(row.effective_at), moments.maybe(row.expires_at),
        tuple(row.refs), row.instruction, row.source, row.credit,
    )  # fmt: skip
    return Edition(
        warning, moments.at(row.seen_at), Relay(row.relay), Why(row.why), row.by_name, row.storm, row.id
    )  # fmt: skip
