"""What went wrong with a language model, in a sentence; and whether it is worth asking again.

The one rule: a provider's own words are never passed on. They may repeat the key or the articles.
"""

import asyncio
from collections.abc import Iterator
from http import HTTPStatus

TOO_LONG = ("context length", "context_length", "maximum context", "too many tokens", "too long", "context window")
QUOTES = "The answer is quotes instead."


def describe_trouble(name: str, error: BaseException, seconds: float) -> str:
    """Why there is no prose, for the user."""
    return f"{name} {_reason(error, seconds)}. {QUOTES}"


def is_passing(error: BaseException) -> bool:
    """Whether it may go better in a moment: a busy or broken server, or none; not a time-out, which cost enough."""
    status = _status(error)
    if status is not None:
        return status in (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS) or (
            status >= HTTPStatus.INTERNAL_SERVER_ERROR
        )
    return _is_unreachable(error) and not _is_timeout(error)


def wait_asked_for(error: BaseException) -> float:
    """The seconds of the server's Retry-After; 0 where it names none."""
    for one in _chain(error):
        headers = getattr(getattr(one, "response", None), "headers", None)
        if headers is not None:
            try:
                return max(float(headers.get("retry-after", 0)), 0.0)
            except ValueError:
                return 0.0
    return 0.0


_BY_STATUS = {
    HTTPStatus.UNAUTHORIZED: "did not accept the key (status 401): check the provider's variable in the environment",
    HTTPStatus.FORBIDDEN: "did not accept the key (status 403): check the provider's variable in the environment",
    HTTPStatus.NOT_FOUND: "is not known to its server (status 404): check the name and --model-url",
}


def _reason(error: BaseException, seconds: float) -> str:
    status = _status(error)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        wait = wait_asked_for(error)
        return "has too many requests (status 429)" + (f": ask again in {wait:.0f} seconds" if wait else "")
    if status in _BY_STATUS:
        return _BY_STATUS[HTTPStatus(status)]
    if _is_too_long(error):
        return "cannot take so much text at once: ask a narrower question, or lower the setting model_tokens"
    return f"could not answer (status {status})" if status is not None else _broken(error, seconds)


def _broken(error: BaseException, seconds: float) -> str:
    """What broke, where no server said so."""
    if _is_timeout(error):
        return f"was silent for more than {seconds:g} seconds"
    if _is_unreachable(error):
        return "cannot be reached: check that its server runs, and --model-url"
    if _name(error) == "EmptyAnswerError":
        return "gave an empty answer"
    return "sent something that is no answer"


def _status(error: BaseException) -> int | None:
    for one in _chain(error):
        status = getattr(one, "status_code", None)
        if isinstance(status, int):
            return status
    return None


def _is_too_long(error: BaseException) -> bool:
    told = " ".join(str(one).lower() for one in _chain(error))
    overflow = any("ContextOverflow" in type(one).__name__ for one in _chain(error))
    return overflow or any(words in told for words in TOO_LONG)


def _is_timeout(error: BaseException) -> bool:
    return any(isinstance(one, TimeoutError | asyncio.TimeoutError) or "Timeout" in _name(one) for one in _chain(error))


def _is_unreachable(error: BaseException) -> bool:
    return any(
        isinstance(one, ConnectionError) or "Connect" in _name(one) or "RemoteProtocol" in _name(one)
        for one in _chain(error)
    )


def _name(error: BaseException) -> str:
    return type(error).__name__


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what it came from; clients of providers have no common classes, so that names must do."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__
