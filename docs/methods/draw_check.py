"""Recomputes draws without Traction: `python3 draw_check.py draw.json` prints `holds`, or says what does not.

A second writing of docs/methods/draw.md, with nothing but SHA-256 and HMAC from Python's own library.
`python3 draw_check.py --lines FILE` takes a record on each line, and prints how many hold.
"""
import hashlib
import hmac
import json
import sys


def sha(data):
    return hashlib.sha256(data).digest()


def draw(record, seed):
    """Scores, order, granted and waiting under a seed."""
    entries = record["list"]
    score = {e["unit"]: hmac.digest(seed, e["unit"].encode(), "sha256").hex() for e in entries}
    order = sorted(entries, key=lambda e: (e["band"], e["layer"], score[e["unit"]]))
    live = [e for e in order if e["unit"] not in record["withdrawn"]]
    granted = [e for e in live if e["place"] == "protected"]
    waiting = []
    for entry in live:
        if entry["place"] != "open":
            continue
        parent = entry.get("parent")
        full = "cap" in record and parent and sum(g.get("parent") == parent for g in granted) >= record["cap"]
        (waiting if full or len(granted) >= record["slots"] else granted).append(entry)
    return score, [[e["unit"] for e in part] for part in (order, granted, waiting)]


def probabilities(record):
    """Each entry's probability before the seed was known."""
    entries, gone = record["list"], record["withdrawn"]
    if "cap" in record:
        wins = {e["unit"]: 0 for e in entries}
        for i in range(10_000):
            _, (_, granted, _) = draw(record, sha(bytes.fromhex(record["list_hash"]) + i.to_bytes(8, "big")))
            for unit in granted:
                wins[unit] += 1
        return {unit: n / 10_000 for unit, n in wins.items()}
    share = {e["unit"]: float(e["place"] == "protected" and e["unit"] not in gone) for e in entries}
    left = record["slots"] - int(sum(share.values()))
    tiers = {}
    for e in entries:
        if e["place"] == "open" and e["unit"] not in gone:
            tiers.setdefault((e["band"], e["layer"]), []).append(e["unit"])
    for tier in sorted(tiers):
        taken = min(left, len(tiers[tier]))
        share.update({unit: taken / len(tiers[tier]) for unit in tiers[tier]})
        left -= taken
    return share


def flaw(record):
    """The first thing that does not hold; None when everything does."""
    secret = bytes.fromhex(record["secret"])
    canonical = json.dumps(record["list"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    public = b"".join(s["name"].encode() + b"\x1f" + s["value"].encode() + b"\x1e" for s in record["public"])
    seed = sha(b"traction-draw/1\n" + bytes.fromhex(record["list_hash"]) + secret + public)
    score, (order, granted, waiting) = draw(record, seed)
    for what, computed in {
        "commitment": sha(secret).hex(),
        "list_hash": sha(canonical.encode()).hex(),
        "seed": seed.hex(),
        "order": [{"unit": unit, "score": score[unit]} for unit in order],
        "granted": granted,
        "waiting": waiting,
        "probability": probabilities(record),
    }.items():
        if record[what] != computed:
            return f"{what} does not hold: {record[what]}, but should be {computed}"
    return None


def main(path, lines=None):
    with open(lines or path, encoding="utf-8") as file:
        records = [json.loads(line) for line in file] if path == "--lines" else [json.load(file)]
    for number, record in enumerate(records, 1):
        found = flaw(record)
        if found:
            sys.exit(f"record {number}: {found}" if lines else found)
    print(f"{len(records)} hold" if lines else "holds")


if __name__ == "__main__":
    main(*sys.argv[1:])
