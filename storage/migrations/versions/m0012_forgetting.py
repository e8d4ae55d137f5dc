"""History stays only ever added to, but for one thing: who has their data erased is no longer named in it.

An update may empty by_name and take words out of details, and nothing else.
"""

from alembic import op

revision = "0012"
down_revision = "0011"

_SAME = ("community", "id", "ticket", "at", "what", "by_channel", "by_person", "by_staff", "source")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _SAME)
        op.execute("DROP TRIGGER ticket_events_no_update")
        op.execute(
            "CREATE TRIGGER ticket_events_no_update BEFORE UPDATE ON ticket_events "
            f"WHEN NEW.by_name <> '' OR {changed} "
            "BEGIN SELECT RAISE(ABORT, 'ticket_events is only ever added to'); END"
        )
        return
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _SAME)
    op.execute("DROP TRIGGER ticket_events_no_change ON ticket_events")
    op.execute(
        "CREATE TRIGGER ticket_events_no_change BEFORE DELETE ON ticket_events "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER ticket_events_no_update BEFORE UPDATE ON ticket_events FOR EACH ROW "
        f"WHEN (NEW.by_name <> '' OR {changed}) EXECUTE FUNCTION refuse_change()"
    )
