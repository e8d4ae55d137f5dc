"""Who has their data erased leaves the histories altogether: neither name nor account stays. Files to be taken off the
disk are found without looking at all.
"""

from alembic import op

revision = "0017"
down_revision = "0016"

_SAME = ("community", "id", "ticket", "at", "what", "by_staff")
_EMPTIED = ("by_channel", "by_person")


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    differs = "IS NOT" if sqlite else "IS DISTINCT FROM"
    changed = [f"NEW.{name} {differs} OLD.{name}" for name in _SAME]
    changed += [f"(NEW.{name} {differs} OLD.{name} AND NEW.{name} IS NOT NULL)" for name in _EMPTIED]
    changed += ["(NEW.source <> OLD.source AND NEW.source <> '')", "NEW.by_name <> ''"]
    if sqlite:
        op.execute("DROP TRIGGER ticket_events_no_update")
        op.execute(
            "CREATE TRIGGER ticket_events_no_update BEFORE UPDATE ON ticket_events "
            f"WHEN {' OR '.join(changed)} BEGIN SELECT RAISE(ABORT, 'ticket_events is only ever added to'); END"
        )
    else:
        op.execute("DROP TRIGGER ticket_events_no_update ON ticket_events")
        op.execute(
            "CREATE TRIGGER ticket_events_no_update BEFORE UPDATE ON ticket_events FOR EACH ROW "
            f"WHEN ({' OR '.join(changed)}) EXECUTE FUNCTION refuse_change()"
        )
    op.execute("CREATE INDEX media_erased ON media (community, id) WHERE state = 'erased'")
