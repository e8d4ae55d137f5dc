"""Orders of the hotline 12345."""

from alembic import op

revision = "0006"
down_revision = "0005"

_ORDERS = """
CREATE TABLE hotline_orders (
    community TEXT NOT NULL, order_number TEXT NOT NULL, at BIGINT NOT NULL, by_staff TEXT, words TEXT NOT NULL,
    tickets JSON NOT NULL, PRIMARY KEY (community, order_number)
)
"""


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(_ORDERS if sqlite else _ORDERS.replace(" TEXT", ' TEXT COLLATE "C"'))
