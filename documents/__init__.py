"""Pictures and papers. Everything here computes and blocks: callers on the event loop use ``asyncio.to_thread``."""
