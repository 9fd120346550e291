"""Reads documents as others do and says where it finds something else than was put in.

Each line of the standard input is {"as": a reader, "document": text, "expect": what must be found}. Each
difference is one line of the standard output; the exit code is 1 if there is any.
"""

import collections
import datetime
import json
import re
import sys

import feedparser
import html5lib
import icalendar
import lxml.etree
import sectxt

ATOM = "{http://www.w3.org/2005/Atom}"
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def atom(document, expect):
    found = feedparser.parse(document.encode(), sanitize_html=False, resolve_relative_uris=False)
    yield "bozo", bool(found.bozo), False
    yield "version", found.version, "atom10"
    # This reader takes the spaces off both ends.
    yield "title", found.feed.title, expect["line"]
    yield "author", found.feed.get("author_detail", {}).get("name", ""), expect["line"]
    yield "entries", len(found.entries), expect["entries"]
    for entry in found.entries:
        yield "entry's title", entry.title, expect["line"]
        yield "summary", entry.summary, expect["text"].strip()
        yield "content", [part.value for part in entry.content], [expect["content"].strip()]
        yield "published", entry.published, "2026-03-24T12:00:00Z"
    root = lxml.etree.fromstring(document.encode(), lxml.etree.XMLParser(resolve_entities=False))
    yield from feed_rules(root)


def feed_rules(root):
    """What RFC 4287 says that a document must have (sections 4.1.1, 4.1.2, 3.3)."""

    def count(element, name):
        return len(element.findall(ATOM + name))

    for element in [root, *root.findall(ATOM + "entry")]:
        for name in ("id", "title", "updated"):
            yield f"{element.tag} has one {name}", count(element, name), 1
        for name in ("subtitle", "summary", "rights", "published", "content"):
            yield f"{element.tag} has no second {name}", count(element, name) <= 1, True
        links = element.findall(ATOM + "link")
        kinds = [(link.get("type"), link.get("hreflang")) for link in links if link.get("rel") == "alternate"]
        yield "alternates differ", len(set(kinds)), len(kinds)
        yield "links are on the web", all(link.get("href").startswith("https://") for link in links), True
        for date in element.findall(ATOM + "updated") + element.findall(ATOM + "published"):
            yield "an instant", bool(INSTANT.fullmatch(date.text)), True
    yield "an author", count(root, "author"), 1
    yield "itself", [link.get("href") for link in root.findall(ATOM + "link") if link.get("rel") == "self"], ["https://csirt.example/advisories.atom"]
    ids = [one.text for one in root.iter(ATOM + "id")]
    yield "ids differ", len(set(ids)), len(ids)


def json_feed(document, expect):
    found = json.loads(document)
    yield "title", found["title"], expect["line"]
    yield "items", len(found["items"]), expect["entries"]
    for item in found["items"]:
        yield "item's title", item["title"], expect["line"]
        yield "summary", item["summary"], expect["text"]
        yield "content", item["content_html"], expect["content"]
        yield "number", item["_csirt"]["number"], expect["line"]


def calendar(document, expect):
    found = icalendar.Calendar.from_ical(document.encode())
    # This reader gives what it does not know, a calendar's names among it, as it is written.
    for name in ("NAME", "X-WR-CALNAME"):
        yield "name", re.sub(r"\\(.)", r"\1", str(found[name])), expect["line"]
    yield "about", str(found["DESCRIPTION"]), expect["text"]
    yield "method", str(found["METHOD"]), "PUBLISH"
    yield "refresh", found["REFRESH-INTERVAL"].dt, datetime.timedelta(hours=12)
    events = found.walk("VEVENT")
    yield "events", [str(event["UID"]) for event in events], ["1@csirt.example", "2@csirt.example"]
    yield "parts", len(list(found.walk())), 3
    for event in events:
        yield "errors", list(event.errors), []
        yield "summary", str(event["SUMMARY"]), expect["line"]
        yield "language", event["SUMMARY"].params["LANGUAGE"], "en"
        yield "description", str(event["DESCRIPTION"]), expect["text"]
        yield "location", str(event["LOCATION"]), expect["line"]
        yield "categories", [str(word) for word in event["CATEGORIES"].cats], [expect["line"], "drill"]
        # This reader resolves escapes in parameters too, where RFC 5545 has none (section 3.2).
        if "\\" not in expect["line"]:
            yield "organizer", event["ORGANIZER"].params["CN"], expect["line"]
        yield "whom", str(event["ORGANIZER"]), "mailto:training@csirt.example"
    utc = datetime.timezone.utc
    yield "from", events[0]["DTSTART"].dt, datetime.datetime(2026, 5, 4, 7, 0, tzinfo=utc)
    yield "to", events[0]["DTEND"].dt, datetime.datetime(2026, 5, 4, 15, 30, tzinfo=utc)
    yield "days", (events[1]["DTSTART"].dt, events[1]["DTEND"].dt), (datetime.date(2026, 12, 31), datetime.date(2027, 1, 1))
    yield "states", [str(event["STATUS"]) for event in events], ["CONFIRMED", "CANCELLED"]


def page(document, expect):
    # Stops at whatever HTML's standard calls an error.
    found = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parseFragment(document)
    yield "words", "".join(found.itertext()), expect["words"]
    yield "scripts", [element.tag for element in found.iter() if element.tag in ("script", "img", "iframe", "style")], []


def security_txt(document, expect):
    now = datetime.datetime.fromisoformat(expect["now"])

    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return now

    sectxt.datetime = Clock
    found = sectxt.Parser(document.encode(), urls=expect["at"])
    told = [one["code"] for one in found.errors + found.recommendations + found.notifications]
    yield "findings", collections.Counter(told), collections.Counter(expect["codes"])


READERS = {"atom": atom, "json_feed": json_feed, "calendar": calendar, "page": page, "security_txt": security_txt}


def main():
    differences = 0
    documents = collections.Counter()
    for line in sys.stdin.buffer:
        one = json.loads(line)
        documents[one["as"]] += 1
        try:
            for what, found, expect in READERS[one["as"]](one["document"], one["expect"]):
                if found != expect:
                    differences += 1
                    print(f"{one['as']}: {what}: {found!r} is not {expect!r} in {one['document']!r}")
        except Exception as error:  # Whatever a reader says about a document is a difference.
            differences += 1
            print(f"{one['as']}: {type(error).__name__} {error} in {one['document']!r}")
    print(dict(documents))
    sys.exit(1 if differences else 0)


if __name__ == "__main__":
    main()
