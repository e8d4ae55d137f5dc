"""Papers on their way out: drawn from their words, and no reason to hold a message back when they cannot be."""

from collections.abc import Sequence
from pathlib import Path

from domain.errors import DocumentFailed
from domain.messages import Document, File, Reply
from domain.vocabulary import Priority, ReplyKind
from tests.bot.sending import group, office

PAPER = Document("minutes", "opted_in", {}, "纪要", ("pdf",))


def with_papers(*papers: Document) -> Reply:
    return Reply(group(1), "opted_in", kind=ReplyKind.DOCUMENT, priority=Priority.ANSWER, documents=papers)


async def test_a_paper_goes_out_with_its_message(database_url: str, tmp_path: Path):
    async with office(database_url, tmp_path) as post:
        await post.put(with_papers(PAPER))
        await post.settle()
        [(_, message)] = post.network.said
        assert [(file.name, file.mime, file.data[:5]) for file in message.files] == [
            ("纪要.pdf", "application/pdf", b"%PDF-")
        ]


async def test_a_paper_that_cannot_be_drawn_is_missing_and_said_to_be(database_url: str, tmp_path: Path):
    def jammed(document: Document, words: str, pictures: Sequence[bytes | None] = ()) -> tuple[File, ...]:
        raise DocumentFailed(f"{document.layout}: no ink for {len(words)} signs and {len(pictures)} pictures")

    async with office(database_url, tmp_path) as post:
        post.delivery.enclosing.press = jammed
        await post.put(with_papers(PAPER, PAPER))
        await post.settle()
        [(_, message)] = post.network.said
        assert message.files == ()
        assert "有2份文件没能做出来" in message.text
