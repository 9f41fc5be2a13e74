"""Text, Markdown, HTML and PDF bytes become articles with the facts that the format has; broken ones are told."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_bytes import make_pdf

from index.errors import SourceError
from index.formats.decode import decode, tidy
from index.formats.markdown import read_markdown
from index.formats.origin import Origin, canonical_url, read_authors, read_date, site_of
from index.formats.pages import read_html, read_text, strip_markup
from index.formats.pdf import read_pdf
from index.formats.titles import choose_title, first_sentence, readable, slug_of, title_from_name
from index.formats.wrapped import join_lines, join_wrapped
from index.records import Article

ORIGIN = Origin(name="notes/a.txt", id="/notes/a.txt", stem="a1b2c3d4e5f6", source="notes")
READERS = [read_text, read_markdown, read_html, read_pdf]

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>Harbour bridge reopens | Coast Daily</title>
<meta property="og:site_name" content="Coast Daily"><meta name="author" content="Mara Lind">
<meta property="article:published_time" content="2024-03-05T23:30:00-05:00">
<link rel="canonical" href="https://www.coast.example/news/bridge?utm_source=feed"></head>
<body><nav><a href="/">Home</a><a href="/sport">Sport</a></nav>
<article><h1>Harbour bridge reopens</h1>
<p>The harbour bridge reopened on Tuesday after nine months of repairs, the port authority told residents.</p>
<h2>What comes next</h2>
<p>Traffic is limited to light vehicles until June, when the second lane will have been inspected.</p>
<table><tr><th>Year</th><th>Cost</th></tr><tr><td>2023</td><td>4 million</td></tr></table></article>
<div class="comments"><p>First! I cross this bridge each day on my way to the fish market.</p></div></body></html>"""

WRAPPED = """Ferry fares will rise

The ferry company said on Monday that fares between the two islands
will rise by four per cent in May, the first change in three years,
because fuel has become more expensive. A single crossing will cost
nine crowns instead of the eight and a half that it has cost so far.

Islanders who hold a yearly card pay what they paid before, and chil-
dren travel free of charge, as they do on the well-known night boat
that sails in summer. The council called the decision understandable
and asked for a well-known list of the costs.
"""


def refusal(read: Callable[..., Article], data: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        read(data, ORIGIN)
    return str(caught.value)


def article_or_reason(read: Callable[..., Article], data: bytes) -> Article | str:
    try:
        return read(data, ORIGIN)
    except SourceError as error:
        return str(error)


def test_text_with_a_headline_gives_the_headline_as_title_and_leaves_the_paragraphs():
    data = b"Ferry fares will rise\r\n\r\nThe ferry company said on Monday that fares will rise in May.\r\nNo more.\r\n"
    article = read_text(data, ORIGIN)
    assert article.title == "Ferry fares will rise"
    assert article.text == "The ferry company said on Monday that fares will rise in May.\nNo more."
    assert (article.id, article.source, article.url) == ("/notes/a.txt", "notes", None)


def test_text_without_headline_takes_a_readable_stem_else_the_first_sentence():
    text = "The ferry company said on Monday that fares will rise. It gave no reason."
    named = Origin(name="x", id="/x", stem="003-ferry_fares-rise")
    assert choose_title("", text, named.stem) == ("Ferry fares rise", text)
    assert choose_title("", text, ORIGIN.stem)[0] == "The ferry company said on Monday that fares will rise."


def test_hard_wrapped_text_becomes_paragraphs_without_hyphenation():
    article = read_text(WRAPPED.encode(), ORIGIN)
    assert article.title == "Ferry fares will rise"
    first, second = article.text.split("\n")
    assert first.startswith("The ferry company said on Monday that fares between the two islands will rise by")
    assert "and children travel free" in second
    assert second.count("well-known") == 2


def test_a_hyphen_at_a_line_end_stays_where_the_text_writes_the_word_with_it():
    assert join_lines(["They call it a well-", "known boat, and well-known it is."]) == (
        "They call it a well-known boat, and well-known it is."
    )
    assert join_lines(["They came with their chil-", "dren."]) == "They came with their children."


@pytest.mark.parametrize(
    "text",
    [
        "A short paragraph that ends here, with a full stop.\nAnother one follows it, and it ends too, as they do.\n"
        * 5,
        "Storm reaches the coast\nMarkets fall after a long week\nWho pays for the new hall?\nTen walks in spring\n"
        * 3,
        "long " * 60 + "\n" + "words " * 50 + "\n" + "again " * 60,
        "One.\nTwo.",
    ],
)
def test_text_with_one_paragraph_a_line_is_not_joined(text):
    assert join_wrapped(text) == text


@given(
    st.lists(st.sampled_from(["harbour", "a", "storm-bound", "of", "the", "Ferry", "1,200"]), min_size=60, max_size=300)
)
def test_joining_loses_no_word_of_wrapped_text(words):
    import textwrap

    lines = textwrap.wrap(" ".join(words), 70, break_on_hyphens=False)
    assert join_wrapped("\n".join(lines)).split() == words


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", "Le café rouvre à midi."),
        ("utf-8-sig", "Le café rouvre à midi."),
        ("utf-16", "Le café rouvre à midi."),
        ("utf-32", "Le café rouvre à midi."),
        ("cp1252", "Le café où l’été s’achève était fermé, mais les élèves chantaient “encore une fois”."),
        ("cp1251", "Москва готовится к зиме, сообщил глава города на встрече с жителями."),
        ("koi8_r", "Москва готовится к зиме, сообщил глава города на встрече с жителями."),
    ],
)
def test_encodings_that_are_marked_or_found_with_confidence_are_read(encoding, text):
    assert decode(text.encode(encoding)) == text


def test_damaged_utf8_is_rejected_with_the_offset_and_the_remedy():
    data = "Über den Fluß führt eine Brücke – schön.".encode()
    message = refusal(read_text, data[:20] + b"\xff" + data[20:])
    assert "byte 20 (0xff)" in message
    assert "save the file as UTF-8" in message


@pytest.mark.parametrize("data", [bytes(range(128, 160)) * 3, b"\x93\xff\xfe\x81\x8d\x90\x9d"])
def test_an_unknown_encoding_is_rejected_with_the_offset_and_the_remedy(data):
    message = refusal(read_text, data)
    assert "byte 0 (0x" in message
    assert "save the file as UTF-8" in message


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary data, not text: a NUL at byte 8"),
        (b"\x01\x02\x03\x04 abc", "many control characters"),
        (b"\xff\xfea", "UTF-16"),
        (b" \n\t ", "no text"),
    ],
)
def test_binary_and_empty_data_is_rejected(data, part):
    assert part in refusal(read_text, data)


def test_tidy_makes_one_newline_and_leaves_nothing_that_utf8_cannot_hold():
    assert tidy("a\r\nb\rc\u2028d\x00e\ud800f\u00adg") == "a\nb\nc\nde\ufffdfg"


def test_markdown_loses_its_markup_and_keeps_its_subheadings():
    data = b"""# Ferry fares will *rise*

The **ferry company** said on [Monday](https://ferry.example) that
fares will rise by `4` per cent. ![A boat](boat.png)

## What it costs

- A single crossing
- A yearly card

| Card | Price |
|------|-------|
| Year | 900   |

<div class="x">Boats &amp; trains</div>
"""
    article = read_markdown(data, ORIGIN)
    assert article.title == "Ferry fares will rise"
    assert article.text.split("\n") == [
        "The ferry company said on Monday that fares will rise by 4 per cent. A boat",
        "What it costs",
        "- A single crossing",
        "- A yearly card",
        "Card | Price",
        "Year | 900",
        "Boats & trains",
    ]


def test_markdown_front_matter_gives_the_facts():
    data = b"""---
title: "Ferry: fares rise"
date: 2024-03-05
authors:
  - Mara Lind
  - Jo Berg
source: Coast Daily
url: https://coast.example/ferry?utm_medium=mail#top
---
The ferry company said so.
"""
    article = read_markdown(data, ORIGIN)
    assert article.title == "Ferry: fares rise"
    assert article.published == date(2024, 3, 5)
    assert article.authors == ("Mara Lind", "Jo Berg")
    assert article.source == "Coast Daily"
    assert article.id == "https://coast.example/ferry"
    assert article.text == "The ferry company said so."


def test_markdown_front_matter_reads_a_bracketed_list_of_authors():
    article = read_markdown(b"---\nauthors: [Mara Lind, 'Jo Berg']\n---\nThe ferry sails again.", ORIGIN)
    assert article.authors == ("Mara Lind", "Jo Berg")


def test_markdown_with_long_lines_keeps_each_line_as_a_paragraph():
    lines = ["The ferry company said on Monday that fares will rise. " * 3, "Advertisement", "It gave no reason. " * 8]
    article = read_markdown("\n".join(lines).encode(), ORIGIN)
    assert article.text.split("\n") == [line.strip() for line in lines]


def test_html_gives_text_title_author_date_site_and_canonical_address():
    article = read_html(PAGE.encode(), ORIGIN)
    assert article.title == "Harbour bridge reopens"
    assert article.authors == ("Mara Lind",)
    assert article.published == date(2024, 3, 5)
    assert article.source == "Coast Daily"
    assert article.id == article.url == "https://www.coast.example/news/bridge"
    lines = article.text.split("\n")
    assert lines[0].startswith("The harbour bridge reopened on Tuesday")
    assert "What comes next" in lines
    assert any("2023" in line and "4 million" in line for line in lines)
    assert not any("fish market" in line or "Sport" in line or "---" in line for line in lines)


def test_a_fetched_page_is_believed_about_its_own_host_only():
    origin = Origin(name="u", id="https://other.example/a", url="https://other.example/a", source="other.example")
    assert read_html(PAGE.encode(), origin).id == "https://other.example/a"


def test_a_canonical_address_that_is_the_front_page_is_not_an_identity():
    page = PAGE.replace("https://www.coast.example/news/bridge?utm_source=feed", "https://www.coast.example/")
    assert read_html(page.encode(), ORIGIN).id == ORIGIN.id


def test_html_is_decoded_as_it_declares():
    page = PAGE.replace("utf-8", "iso-8859-1").replace("port authority", "café owners’ club")
    assert "café owners’ club" in read_html(page.encode("cp1252"), ORIGIN).text


def test_xhtml_with_an_encoding_declaration_is_read():
    page = '<?xml version="1.0" encoding="utf-8"?>\n' + PAGE
    assert read_html(page.encode(), ORIGIN).title == "Harbour bridge reopens"


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><p>Please enable JavaScript.</p></body></html>",
        "<html><head></head><body></body></html>",
        "<html><body><ul>" + "<li><a href='x'>Storm hits the north coast and more</a></li>" * 9 + "</ul></body></html>",
        "no markup at all",
    ],
)
def test_html_without_an_article_is_rejected_with_a_remedy(page):
    message = refusal(read_html, page.encode())
    assert "no article found" in message
    assert "paste the text" in message


def test_strip_markup_keeps_blocks_apart_and_drops_scripts():
    fragment = (
        "<p>One\n<b>bold</b> &amp; plain</p><script>x()</script><ul><li>a</li><li>b</li></ul><td>1</td><td>2</td>"
    )
    assert strip_markup(fragment) == "One bold & plain\n- a\n- b\n1 | 2"


def test_strip_markup_takes_a_long_unclosed_fragment_in_its_stride():
    assert strip_markup("<a" * 200_000).startswith("<a<a")


PDF_LINES = [
    "Ferry fares will rise",
    "The ferry company said on Monday that fares between the two islands will",
    "rise by four per cent in May, the first change in three years, because of",
    "the price of fuel. A single crossing will cost nine crowns, the com-",
    "pany added.",
    "Islanders who hold a yearly card pay what they paid before, and children",
    "travel free of charge.",
]


def test_pdf_lines_become_paragraphs_and_hyphenation_is_undone():
    article = read_pdf(make_pdf([PDF_LINES]), ORIGIN)
    assert article.title == "Ferry fares will rise"
    assert article.text.split("\n") == [
        "The ferry company said on Monday that fares between the two islands will rise by four per cent in May, "
        "the first change in three years, because of the price of fuel. A single crossing will cost nine crowns, "
        "the company added.",
        "Islanders who hold a yearly card pay what they paid before, and children travel free of charge.",
    ]


def test_pdf_metadata_gives_title_author_and_date():
    info = "/Title (Ferry fares in spring) /Author (Mara Lind; Jo Berg) /CreationDate (D:20240305101500+01'00')"
    article = read_pdf(make_pdf([PDF_LINES], info), ORIGIN)
    assert article.title == "Ferry fares in spring"
    assert article.authors == ("Mara Lind", "Jo Berg")
    assert article.published == date(2024, 3, 5)


@pytest.mark.parametrize("title", ["Microsoft Word - ferry.docx", "untitled document", "ferry.pdf", "x1"])
def test_pdf_title_that_a_program_made_up_is_not_taken(title):
    assert read_pdf(make_pdf([PDF_LINES], f"/Title ({title})"), ORIGIN).title == "Ferry fares will rise"


def test_pdf_page_numbers_and_running_heads_go_and_sentences_run_across_pages():
    body = "The council of the island met again and spoke of boats, fares, cards and"
    pages = [[f"Coast Report {n}", body, body, f"Page {n} of 4"] for n in range(1, 5)]
    article = read_pdf(make_pdf(pages), ORIGIN)
    assert article.text == " ".join([body] * 8)


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (make_pdf([[]]), "run OCR on it first"),
        (make_pdf([["7"], ["8"]]), "only pictures"),
        (make_pdf([PDF_LINES])[:200], "damaged PDF"),
        (b"%PDF-1.4\n", "damaged PDF"),
        (b"not a PDF", "damaged PDF"),
        (b"", "damaged PDF"),
    ],
)
def test_pdf_without_text_or_damaged_is_rejected_with_a_remedy(data, part):
    assert part in refusal(read_pdf, data)


def test_encrypted_pdf_is_rejected_with_a_remedy():
    import io

    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf([PDF_LINES]))))
    writer.encrypt("secret", algorithm="RC4-128")
    locked = io.BytesIO()
    writer.write(locked)
    assert "save it without a password" in refusal(read_pdf, locked.getvalue())


TODAY = date(2024, 6, 1)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024-03-05", date(2024, 3, 5)),
        ("2024-03-05T23:30:00-05:00", date(2024, 3, 5)),
        ("20240305", date(2024, 3, 5)),
        ("March 5, 2024", date(2024, 3, 5)),
        ("Tue, 05 Mar 2024 23:30:00 -0500", date(2024, 3, 5)),
        ("5. März 2024", date(2024, 3, 5)),
        ("2024-06-03", date(2024, 6, 3)),
        ("2024-06-04", None),
        ("2024-02-31", None),
        ("2024", None),
        ("May", None),
        ("yesterday", None),
        ("12:30", None),
        ("n/a", None),
        ("", None),
        ("9" * 50, None),
        (None, None),
        (1709600000, None),
        (["2024-03-05"], None),
    ],
)
def test_only_whole_dates_that_are_not_in_the_future_are_believed(written, day):
    assert read_date(written, TODAY) == day


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=70), st.from_regex(r"[0-9/. :-]{1,20}", fullmatch=True), st.integers()))
def test_no_date_string_raises(value):
    day = read_date(value, TODAY)
    assert day is None or day <= date(2024, 6, 3)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        (["Mara Lind", " Jo  Berg ", "Mara Lind", 7, ""], ("Mara Lind", "Jo Berg")),
        ("By Mara Lind and Jo Berg", ("Mara Lind", "Jo Berg")),
        ("Mara Lind, Jo Berg", ("Mara Lind", "Jo Berg")),
        ("Lind, Mara", ("Lind, Mara",)),
        ("Byron Lind", ("Byron Lind",)),
        (None, ()),
        ({"name": "x"}, ()),
    ],
)
def test_authors_are_read_from_a_list_or_a_string(written, names):
    assert read_authors(written) == names


@pytest.mark.parametrize(
    ("url", "identity"),
    [
        ("HTTPS://Coast.Example:443/a?utm_source=x&b=1&UTM_Medium=y#part", "https://coast.example/a?b=1"),
        ("http://coast.example", "http://coast.example/"),
        ("http://coast.example:8080/A?q=a%20b", "http://coast.example:8080/A?q=a%20b"),
        ("https://me:secret@coast.example/", "https://coast.example/"),
        ("http://[::1]/x", "http://[::1]/x"),
        ("http://[::1/x", None),
        ("javascript:alert(1)", None),
        ("ftp://coast.example/", None),
        ("coast.example/a", None),
        ("http://coast.example/a b", None),
        ("http://coast.example:99999/", None),
        ("http://coast.example/?\x1b", "http://coast.example/"),
        ("", None),
    ],
)
def test_canonical_url(url, identity):
    assert canonical_url(url) == identity


@given(st.text())
def test_canonical_url_of_itself_is_itself(text):
    identity = canonical_url("http://coast.example/" + text)
    assert identity is None or canonical_url(identity) == identity
    assert canonical_url(text) is None or site_of(text)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("ferry-fares-will-rise", "Ferry fares will rise"),
        ("covid-19", "covid-19"),
        ("Anglo-French-Dutch", "Anglo-French-Dutch"),
        ("Ferry fares", "Ferry fares"),
    ],
)
def test_slugs_become_words(title, shown):
    assert readable(title) == shown


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("000_91f183d49df1b122", ""),
        ("deadbeef", ""),
        ("1234567", ""),
        ("article", ""),
        ("ferry fares", "Ferry fares"),
        ("ferry-fares-2024", "Ferry fares 2024"),
        ("10-ways-to-sail", "10 ways to sail"),
        ("xkcd-pqrs", ""),
    ],
)
def test_a_name_is_a_title_only_where_it_is_words(name, title):
    assert title_from_name(name) == title


def test_an_address_gives_its_slug_and_not_its_section_or_number():
    assert slug_of("https://a.example/latest-news/ferry-fares-will-rise/623264001/") == "ferry-fares-will-rise"
    assert slug_of("https://a.example/latest-news/623264001") == ""


def test_a_long_first_sentence_is_cut_between_words():
    title = first_sentence("The ferry company and the council of the island " * 5)
    assert len(title) <= 121
    assert title.endswith("…")
    assert title[:-1].split()[-1] in {"The", "ferry", "company", "and", "the", "council", "of", "island"}


@pytest.mark.parametrize("title", ["Ferry fares | Coast Daily", "Ferry fares - The Coast", "Ferry fares"])
def test_the_sites_name_leaves_the_title(title):
    from index.formats.titles import without_site

    assert without_site(title, "Coast Daily", "https://www.thecoast.example/a") == "Ferry fares"
    assert without_site("Ferry fares - what now", "Coast Daily", "https://coast.example/a") == "Ferry fares - what now"


def test_a_title_that_the_text_repeats_leaves_the_text():
    assert choose_title("Ferry fares", "Ferry fares\nThey rise.", "") == ("Ferry fares", "They rise.")


@pytest.mark.parametrize("read", READERS)
@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400), prefix=st.sampled_from([b"", b"%PDF-1.4\n", b"\xff\xfe", b"---\n", b"<html><p>"]))
def test_arbitrary_bytes_give_an_article_or_a_source_error(read, data, prefix):
    article = article_or_reason(read, prefix + data)
    if isinstance(article, Article):
        assert article.title
        assert article.text.encode("utf-8")
        assert "\r" not in article.text


@pytest.mark.parametrize("read", READERS)
@settings(max_examples=40, deadline=None)
@given(place=st.integers(0, 2000), data=st.binary(min_size=1, max_size=20))
def test_damaged_files_give_an_article_or_a_source_error(read, place, data):
    whole = {read_html: PAGE.encode(), read_pdf: make_pdf([PDF_LINES])}.get(read, WRAPPED.encode())
    place %= len(whole)
    assert article_or_reason(read, whole[:place] + data + whole[place + len(data) :])


@pytest.mark.parametrize("read", [read_text, read_markdown])
@settings(max_examples=80, deadline=None)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_arbitrary_text_gives_an_article_or_a_source_error(read, text):
    assert article_or_reason(read, text.encode("utf-8"))
