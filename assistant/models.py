"""Language models by their names, `provider:model`, through LangChain; none is needed and none is used by default.

The one rule: a provider's key comes from the provider's own environment variable and stays there. Nothing that a
provider writes is shown, because providers repeat keys in their errors.
"""

import asyncio
import queue
import random
import threading
from collections.abc import Iterator
from contextlib import aclosing
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from assistant.prompts import Prompt
from assistant.trouble import describe_trouble, is_passing, wait_asked_for
from index.errors import GenerationError, ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from assistant.settings import Settings

ATTEMPTS = 3
FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0
"""Seconds before a second attempt, doubled for each further one and shortened by chance to half at most, so that many
who were turned away do not come back at once. Whoever asks for a longer wait is not asked again."""
WHOLE_ANSWER = 5
"""An answer takes at most so many times the longest silence that the settings allow."""
TICK = 0.25
"""Seconds after which a waiting reader looks whether it was cancelled."""
ANSWER_TOKENS = 700
LOCAL_KEY = "none"
"""What a server of one's own is given where no key is set: clients insist on one."""
NOTHING_CAME = "No generation"
"""What LangChain says where a server that was asked to stream did not."""
EXTRAS = ("openai", "anthropic", "ollama")


def open_model(settings: "Settings") -> "LanguageModel":
    """The model that the settings name.

    Raises:
        ModelError: if the name is no `provider:model`, or the provider's package or key is missing.
    """
    from langchain.chat_models import init_chat_model

    name = settings.model
    if settings.model_url and ":" not in name:
        name = f"openai:{name}"
    provider = name.partition(":")[0]
    options: dict[str, Any] = {"timeout": settings.model_seconds, "max_retries": 0, "max_tokens": ANSWER_TOKENS}
    if provider == "ollama":
        options = {"num_predict": ANSWER_TOKENS, "client_kwargs": {"timeout": settings.model_seconds}}
    if settings.model_url:
        options["base_url"] = settings.model_url
    if provider == "openai" and settings.model_url:
        options["use_responses_api"] = False
    try:
        try:
            chat = init_chat_model(name, **options)
        except Exception as error:
            if not (settings.model_url and provider == "openai" and "api_key" in str(error)):
                raise
            chat = init_chat_model(name, api_key=LOCAL_KEY, **options)
    except ImportError as error:
        extra = f"article-assistant[{provider}]" if provider in EXTRAS else f"langchain-{provider}"
        raise ModelError(f"{name}: the package for {provider} is not installed: `pip install '{extra}'`") from error
    except Exception as error:  # of a provider's own class, with words that may hold a key
        raise ModelError(_cannot_open(name, provider, error)) from None
    return LanguageModel(name, chat, settings.model_seconds)


class LanguageModel:
    """A chat model that is asked with patience and within bounds. Safe to use from many threads."""

    def __init__(self, name: str, chat: "BaseChatModel", seconds: float, first_wait: float = FIRST_WAIT) -> None:
        """`seconds` is the longest silence; `first_wait` the seconds before a second attempt."""
        self.name = name
        self._chat = chat
        self._seconds = seconds
        self._first_wait = first_wait

    def stream(self, prompt: Prompt, cancelled: threading.Event | None = None) -> Iterator[str]:
        """Give the answer piece by piece, and "" now and then while none comes, so that a reader can leave.

        Closing the iterator, or setting `cancelled`, ends the request itself.

        Raises:
            GenerationError: if there is no answer, or it broke off: a plain sentence that tells why.
        """
        pieces: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
        request = asyncio.run_coroutine_threadsafe(self._ask(prompt, pieces), _loop())
        try:
            while not (cancelled and cancelled.is_set()):
                try:
                    piece = pieces.get(timeout=TICK)
                except queue.Empty:
                    yield ""
                    continue
                if piece is None:
                    return
                if isinstance(piece, Exception):
                    raise GenerationError(describe_trouble(self.name, piece, self._seconds)) from None
                yield piece
        finally:
            request.cancel()

    def complete(self, prompt: Prompt, cancelled: threading.Event | None = None) -> str:
        """The whole answer. Raises as `stream`."""
        return "".join(self.stream(prompt, cancelled)).strip()

    def try_to_reach(self) -> str:
        """Why the model cannot be reached, "" where it can; it is asked for one word."""
        try:
            self.complete(Prompt("Answer with one word.", "Say: ready"))
        except GenerationError as error:
            return str(error)
        return ""

    async def _ask(self, prompt: Prompt, pieces: "queue.SimpleQueue[str | Exception | None]") -> None:
        try:
            async with asyncio.timeout(WHOLE_ANSWER * self._seconds):
                await self._try_again(prompt, pieces)
            pieces.put(None)
        except Exception as error:
            pieces.put(error)

    async def _try_again(self, prompt: Prompt, pieces: "queue.SimpleQueue[str | Exception | None]") -> None:
        """Ask up to `ATTEMPTS` times, but never again once a piece of an answer was given."""
        for attempt in range(ATTEMPTS):
            begun = False
            try:
                async for piece in self._pieces(prompt):
                    begun = True
                    pieces.put(piece)
                return
            except Exception as error:
                longest = self._first_wait * 2**attempt
                wait = max(random.uniform(longest / 2, longest), wait_asked_for(error))
                if begun or attempt == ATTEMPTS - 1 or not is_passing(error) or wait > LONGEST_WAIT:
                    raise
                await asyncio.sleep(wait)

    async def _pieces(self, prompt: Prompt) -> "Any":
        """The pieces as they come; the whole at once from a server that does not stream."""
        messages = [("system", prompt.rules), ("human", prompt.task)]
        given = False
        async with aclosing(self._chat.astream(messages)) as chunks:  # type: ignore[type-var]
            while True:
                try:
                    chunk = await asyncio.wait_for(anext(chunks), self._seconds)
                except StopAsyncIteration:
                    break
                except ValueError as error:
                    if given or NOTHING_CAME not in str(error):
                        raise
                    break
                if text := str(chunk.text):
                    given = True
                    yield text
        if not given:
            whole = await asyncio.wait_for(self._chat.ainvoke(messages), self._seconds)
            if not str(whole.text).strip():
                raise EmptyAnswerError
            yield str(whole.text)


class EmptyAnswerError(Exception):
    """The model gave no word."""


def _cannot_open(name: str, provider: str, error: Exception) -> str:
    told = str(error)
    if "api_key" in told or "API key" in told or "credentials" in told:
        variable = f"{provider.upper().replace('-', '_')}_API_KEY"
        return (
            f"{name}: there is no key: set {variable} in the environment, or name a server of your own with --model-url"
        )
    if ":" not in name or "provider" in told:
        return (
            f"{name!r} is not the name of a language model: name it provider:model, for example openai:gpt-4o-mini or "
            "ollama:llama3.2, or give the address of an OpenAI-compatible server with --model-url"
        )
    return f"{name}: the model could not be set up ({type(error).__name__}): check its name and `--model-url`"


@lru_cache(maxsize=1)
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop of all requests, in a thread of its own: a request can be ended there while it waits."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="language model", daemon=True).start()
    return loop
