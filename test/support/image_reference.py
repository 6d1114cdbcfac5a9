"""AISBench's rules of answers about images, worked out by CPython: a request a line, an answer a line, both JSON."""

import json
import re
import sys

PUNCTUATION = list(";/[]\"{}()=+\\_-><@`,?!")
NUMBERS = {"none": "0", "zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
           "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10"}
MENDED = {"dont": "don't", "couldntve": None, "couldnt've": "couldn't've", "couldn'tve": "couldn't've",
          "whats": "what's", "yall": "y'all", "yall'll": "y'all'll", "twas": "'twas", "ow's'at": "'ow's'at",
          "somebody'd": "somebodyd", "oclock": "o'clock"}


def answer_line(text, count):
    """The two expressions of MMMU, then the last capital."""
    found = re.search(r"(?i)^ANSWER\s*:\s*([A-Za-z\d ,]+)\s*(?:$|\n|\.)", text, re.MULTILINE)
    found = found or re.search(r"(?i)ANSWER\s*:\s*([A-Za-z\d ,]+)(?:[^\w]|\n|$|\.)", text)
    if found is None:
        return next((char for char in reversed(text) if char.isupper()), "")
    answer = found.group(1).strip()
    return answer if answer in [chr(65 + n) for n in range(count)] else ""


def behind(text):
    found = re.search(r"ANSWER:\s*(.*)", text)
    return found and found.group(1).strip()


def infer(reply, options):
    """VLMEvalKit's choice, without VERBOSE."""
    if "Failed to obtain answer via API" not in reply:
        if "Cannot determine the answer" in reply:
            return "Z"
        words = re.sub(r"[.()\[\],:;!*#{}]", " ", reply).split()
        named = [letter for letter in options if letter in words]
        if len(named) == 1 and words.index(named[0]) > len(words) - 5:
            return named[0]
        if not named and "Z" in words:
            return "Z"
    lower = reply.lower()
    if len(lower) > 2 * sum(map(len, options.values())):
        return None
    there = [letter for letter, text in options.items() if text.lower() in lower]
    return there[0] if len(there) == 1 else None


def punctuation(text):
    joined = re.search(r"\d,\d", text)
    out = text
    for mark in PUNCTUATION:
        beside = mark + " " in text or " " + mark in text
        out = out.replace(mark, "" if beside or joined else " ")
    return re.sub(r"\.(?!\d)", "", out, count=32)


def words(text):
    kept = [NUMBERS.get(word, word) for word in text.lower().split()]
    return " ".join(MENDED.get(word) or word for word in kept if word not in ("a", "an", "the"))


def vqa(reply, golds, alike):
    """`alike`: the people's answers are normalised as the reply is, and told apart by their place."""
    own = words(punctuation(reply.replace("\n", " ").replace("\t", " ").strip()))
    if alike:
        people = [words(punctuation(gold.replace("\n", " ").replace("\t", " ").strip())) for gold in golds]
        scores = [min(1, sum(g == own for j, g in enumerate(people) if j != i) / 3) for i in range(len(people))]
    else:
        people = [punctuation(gold) for gold in golds] if len(set(golds)) > 1 else golds
        scores = [min(1, sum(g == own for g in people if g != one) / 3) for one in people]
    return sum(scores) / len(scores)


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, char in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (char != other))
    return row[-1]


def anls(reply, golds):
    best = 0.0
    for gold in golds:
        a, b = (" ".join(text.lower().split()) for text in (gold, reply.strip()))
        longer = max(len(gold.upper()), len(reply.strip().upper()))
        best = max(best, 1 - (distance(a, b) / longer if longer else 0.0))
    return 0.0 if best < 0.5 else best


RULES = {"answer_line": answer_line, "behind": behind, "infer": infer, "vqa": vqa, "anls": anls}

for line in sys.stdin:
    rule, *given = json.loads(line)
    print(json.dumps(RULES[rule](*given)))
