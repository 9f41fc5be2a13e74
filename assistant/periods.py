"""Words of time in a question, “in March 2022”, “last week”, “since Tuesday”, as the days of publication they mean.

The one rule: words that may name something else (“the 2022 World Cup”) are no period, and two periods are none.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_MONTH = rf"(?:{_MONTHS})"
_YEAR = r"(?:19|20)\d\d"
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
"""With the month each begins in; winter goes by the year that it begins in."""
_QUARTERS = ("first", "second", "third", "fourth")
_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve".split()
_NUMBER = rf"(?:\d{{1,3}}|an?|{'|'.join(_NUMBERS)})"
_UNIT = "(?:day|week|month|year)"
_ABSOLUTE = (
    rf"\d{{4}}-\d\d-\d\d"
    rf"|(?:the\s)?\d{{1,2}}(?:st|nd|rd|th)?(?:\sof)?\s{_MONTH}(?:,?\s{_YEAR})?"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?![\d:])(?:,?\s{_YEAR})?"
    rf"|(?:(?:early|mid|late)[\s-])?(?:{_MONTH},?\s(?:of\s)?)?{_YEAR}"
    rf"|(?:the\s)?(?:{'|'.join(_SEASONS)})(?:\sof)?\s{_YEAR}"
    rf"|the\s(?:{'|'.join(_QUARTERS)})\squarter\sof\s{_YEAR}|Q[1-4]\s{_YEAR}"
)
_RELATIVE = (
    rf"yesterday|today|(?:last|this|the\spast)\s(?:week(?:end)?|month|year|{'|'.join(_SEASONS)}|{_DAY}|{_MONTH})"
    rf"|{_NUMBER}\s{_UNIT}s?\sago"
)
_POINT = rf"(?:{_ABSOLUTE}|{_RELATIVE}|{_DAY}|{_MONTH})"
_LASTING = rf"(?:the\s)(?:last|past)\s(?:{_NUMBER}\s{_UNIT}s|(?:24|48)\shours|{_UNIT})"
_FORMS = (
    (rf"between\s(?P<from>{_POINT})\sand\s(?P<to>{_POINT})", ""),
    (rf"from\s(?P<from>{_POINT})\s(?:to|until|till)\s(?P<to>{_POINT})", ""),
    (rf"(?:(?:in|during|over|within)\s)?(?P<lasting>{_LASTING})", ""),
    (rf"since\s(?P<point>{_POINT})", "since"),
    (rf"after\s(?P<point>{_POINT})", "after"),
    (rf"before\s(?P<point>{_POINT})", "before"),
    (rf"(?:until|till)\s(?P<point>{_POINT})", "until"),
    (rf"(?:in|on|during|from|of(?!\s{_YEAR}))\s(?P<point>{_POINT})", "in"),
    (rf"(?P<point>{_RELATIVE})", "in"),
)
_FORM = [(re.compile(rf"(?<![\w-]){form}(?![\w’'%-])", re.IGNORECASE), way) for form, way in _FORMS]
# What may stand behind a bare year that is a time; anything else may be what the year is part of: “in 2024 elections”.
_GOES_ON = re.compile(
    r"\s*(?:$|[?!.,;:)”\"]|(?:did|does|do|is|are|was|were|has|have|had|will|would|could|can|should|about|on|at|by|to|for|"
    r"with|from|after|before|when|while|that|and|or|but|say|said|who|what|why|where|how|because|as|over|during|under|in)\b)",
    re.IGNORECASE,
)
_NAMES_TOO = re.compile(r"(?:may|march|mar|dec|jan|sun)\b", re.IGNORECASE)
"""Months that are words as well: in lower case and without a year they are read as such."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `first` to `last`, both included, one of which may be open; `words` are the question's own."""

    words: str
    first: date | None
    last: date | None


def find_period(question: str, today: date) -> Period | None:
    """The period that a question names, if it names one, and one only; what is relative is so to `today`."""
    found: list[Period] = []
    taken: list[tuple[int, int]] = []
    for form, way in _FORM:
        for match in form.finditer(question):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            period = _to_period(match, way, question, today)
            found += [period] if period else []
    return found[0] if len(found) == 1 else None


def _to_period(match: re.Match[str], way: str, question: str, today: date) -> Period | None:
    words, parts = match.group(), match.groupdict()
    if parts.get("lasting"):
        return Period(words, *_lasting(parts["lasting"].lower(), today))
    points = [parts[name] for name in ("point", "from", "to") if parts.get(name)]
    if any(_is_doubtful(point, question[match.end() :], before_it=way == "in") for point in points):
        return None
    ranges = [_to_range(point, today) for point in _with_year(points)]
    if None in ranges:
        return None
    begins, ends = ranges[0] or (today, today), ranges[-1] or (today, today)
    if len(ranges) > 1:
        return Period(words, begins[0], ends[1]) if begins[0] <= ends[1] else None
    return Period(words, *_WAYS[way](*begins))


def _with_year(points: list[str]) -> list[str]:
    """“March and May 2022” is March 2022 and May 2022."""
    year = re.search(rf"{_YEAR}$", points[-1])
    dated = [
        point if not year or re.search(rf"{_YEAR}|^\W*(?:last|this)|ago$", point) else f"{point} {year[0]}"
        for point in points
    ]
    return dated if len(points) > 1 else points


_Ends = tuple[date | None, date | None]
_WAYS: dict[str, Callable[[date, date], _Ends]] = {
    "in": lambda first, last: (first, last),
    "since": lambda first, _: (first, None),
    "after": lambda _, last: (last + timedelta(days=1), None),
    "before": lambda first, _: (None, first - timedelta(days=1)),
    "until": lambda _, last: (None, last),
}


def _is_doubtful(point: str, rest: str, *, before_it: bool) -> bool:
    if re.fullmatch(_YEAR, point):
        return before_it and not _GOES_ON.match(rest)
    if re.fullmatch(rf"{_DAY}|{_MONTH}", point, re.IGNORECASE):
        # “on Sunday Times”, “in April Jones's view”, “in may”
        return bool(re.match(r"\s[A-Z]\w", rest)) or (point.islower() and bool(_NAMES_TOO.match(point)))
    return False


def _to_range(point: str, today: date) -> tuple[date, date] | None:
    """The first and last day of a point of time."""
    words = point.lower().removeprefix("the ").replace("past ", "last ")
    try:
        return _by_year(words) or _by_season(words, today) or _by_weekend(words, today) or _by_parser(words, today)
    except (ValueError, OverflowError):  # no such day
        return None


def _by_year(words: str) -> tuple[date, date] | None:
    """“2023”, “late 2023”, “Q2 2023”, “first quarter of 2023”, “summer of 2023”."""
    match = re.fullmatch(rf"(?:(?P<part>early|mid|late)[\s-])?(?P<year>{_YEAR})", words)
    if match:
        first, last = {"early": (1, 4), "mid": (5, 8), "late": (9, 12)}.get(match["part"], (1, 12))
        return _months(int(match["year"]), first, last)
    match = re.fullmatch(rf"(?:q(?P<number>\d)|(?P<name>\w+) quarter of) (?P<year>{_YEAR})", words)
    if match:
        quarter = int(match["number"]) if match["number"] else _QUARTERS.index(match["name"]) + 1
        return _months(int(match["year"]), 3 * quarter - 2, 3 * quarter)
    match = re.fullmatch(rf"(?P<season>{'|'.join(_SEASONS)})(?: of)? (?P<year>{_YEAR})", words)
    return _season(match["season"], int(match["year"])) if match else None


def _by_season(words: str, today: date) -> tuple[date, date] | None:
    """“last summer”, “this spring”: the latest that has ended, and the one of this year."""
    match = re.fullmatch(rf"(?P<which>last|this) (?P<season>{'|'.join(_SEASONS)})", words)
    if not match:
        return None
    if match["which"] == "this":
        return _season(match["season"], today.year)
    years = (today.year, today.year - 1, today.year - 2)
    return next(found for found in (_season(match["season"], year) for year in years) if found[1] < today)


def _by_weekend(words: str, today: date) -> tuple[date, date] | None:
    if words not in ("last weekend", "this weekend"):
        return None
    saturday = today - timedelta(days=today.weekday()) + timedelta(days=5 if words.startswith("this") else -2)
    return saturday, saturday + timedelta(days=1)


def _by_parser(words: str, today: date) -> tuple[date, date] | None:
    """What dateparser understands, as wide as its words are: a day, a week, a month or a year."""
    match = re.match(r"(early|mid|late)[\s-](.*)", words)
    part, words = (match[1], match[2]) if match else ("", words)
    bare = re.sub(rf"^(?:last|this)\s(?={_MONTH}$)", "", words, flags=re.IGNORECASE).replace(" of ", " ")
    parsed = _parser(today).get_date_data(re.sub(r"^an?\s", "1 ", bare))
    if parsed.date_obj is None:
        return None
    day = parsed.date_obj.date()
    if parsed.period == "year":
        return _months(day.year, 1, 12)
    if parsed.period == "month":
        first, last = _months(day.year, day.month, day.month)
        begin, end = {"early": (1, 10), "mid": (11, 20), "late": (21, last.day)}.get(part, (1, last.day))
        return first.replace(day=begin), first.replace(day=end)
    if parsed.period == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    return day, day


@lru_cache(maxsize=2)
def _parser(today: date) -> "DateDataParser":
    from dateparser.date import DateDataParser

    noon = datetime.combine(today, time(12))
    settings = {"RELATIVE_BASE": noon, "PREFER_DATES_FROM": "past", "PREFER_DAY_OF_MONTH": "first"}
    return DateDataParser(languages=["en"], settings=settings)


def _lasting(words: str, today: date) -> tuple[date, date]:
    """“the last three weeks”: so many days back, and today."""
    match = re.search(rf"(?:(?P<number>{_NUMBER})\s)?(?P<unit>day|week|month|year|hour)s?$", words)
    number, unit = (match["number"] or "1", match["unit"]) if match else ("1", "day")
    count = int(number) if number.isdigit() else _NUMBERS.index(number) + 1 if number in _NUMBERS else 1
    if unit == "hour":
        count, unit = count // 24, "day"
    days = count * {"day": 1, "week": 7, "month": 30.44, "year": 365.25}[unit]
    return today - timedelta(days=round(days)), today


def _season(name: str, year: int) -> tuple[date, date]:
    begin = _SEASONS[name]
    return _months(year, begin, begin + 2)


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    """From the first day of a month to the last of another, which may be of the next year (13 is January)."""
    year_after, month = (year + 1, last - 12) if last > 12 else (year, last)  # noqa: PLR2004
    return date(year, first, 1), date(year_after, month, monthrange(year_after, month)[1])
