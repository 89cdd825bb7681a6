"""Mistakes people make when they write things down, each drawn from a seeded generator."""

from __future__ import annotations

from random import Random

_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEAR = {
    letter: row[max(place - 1, 0) : place] + row[place + 1 : place + 2]
    for row in _KEYS
    for place, letter in enumerate(row)
}
_SOUNDS = (
    ("ph", "f"), ("ck", "k"), ("ie", "y"), ("ee", "ea"), ("tt", "t"), ("nn", "n"), ("ll", "l"),
    ("ei", "ie"), ("mc", "mac"), ("th", "t"), ("c", "k"), ("y", "i"), ("s", "z"), ("v", "w"),
)  # fmt: skip


def slip(r: Random, text: str) -> str:
    """Return the text with one typing error: a letter changed, lost, doubled or moved."""
    if len(text) < 2:
        return text
    place = r.randrange(len(text))
    letter = text[place]
    way = r.randrange(5)
    if way == 0:
        return text[:place] + text[place + 1 :]
    if way == 1:
        return text[:place] + letter + text[place:]
    if way == 2:
        place = min(place, len(text) - 2)
        return text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    if letter.isdigit():
        return text[:place] + r.choice("0123456789") + text[place + 1 :]
    near = _NEAR.get(letter.lower(), "") or "aeiou"
    other = r.choice(near)
    return text[:place] + (other.upper() if letter.isupper() else other) + text[place + 1 :]


def misheard(r: Random, text: str) -> str:
    """Return the text spelled as it may have been heard, or with a slip where nothing fits."""
    lower = text.lower()
    fitting = [(heard, written) for heard, written in _SOUNDS if heard in lower]
    if not fitting:
        return slip(r, text)
    heard, written = r.choice(fitting)
    place = lower.index(heard)
    changed = lower[:place] + written + lower[place + len(heard) :]
    return changed.title() if text[:1].isupper() else changed


def digits(r: Random, text: str) -> str:
    """Return a number with one digit wrong, or two neighbours changed round."""
    places = [place for place, letter in enumerate(text) if letter.isdigit()]
    if len(places) < 2:
        return text
    letters = list(text)
    if r.random() < 0.5:
        at = r.randrange(len(places) - 1)
        one, two = places[at], places[at + 1]
        letters[one], letters[two] = letters[two], letters[one]
    else:
        at = r.choice(places)
        letters[at] = r.choice([digit for digit in "0123456789" if digit != letters[at]])
    return "".join(letters)


def wrong_day(r: Random, day: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return a birthday as it is got wrong: day and month changed round, one part off."""
    year, month, date = day
    way = r.random()
    if way < 0.35 and date <= 12:
        return year, date, month
    if way < 0.6:
        return year, month, min(28, max(1, date + r.choice([-10, -1, 1, 10])))
    if way < 0.8:
        return year, r.randint(1, 12), date
    return year + r.choice([-10, -1, 1, 10]), month, date


def sometimes(r: Random, share: float, text: str) -> str:
    """Return the text, or nothing in ``share`` of the cases."""
    return "" if r.random() < share else text
