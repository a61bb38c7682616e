"""The tables of docs/methods/speed.md, from what was measured. What stands outside the marks is written by hand."""

from dataclasses import dataclass

BEGIN = "<!-- From here on written by crates/stats/benches/peers/run. -->\n"
END = "<!-- To here. -->\n"
MB = 1e6
N_PERIODS = 24
# Estimates of the same definition agree to this; standard errors to the small-sample factors of some packages.
SAME = 1e-6
PEAK_AT_LEAST = 0
WHOLE_COMMAND_AT_MOST, MPDTA_AT_MOST = 0.15, 0.02
MEMORY_TIMES_AT_MOST = 3


@dataclass
class Machine:
    date: str
    python: str
    rust: str
    n_cores: int
    processor: str
    peers: dict


def write(file, machine, tasks, sizes, commands):
    """Puts the tables between the marks, and refuses where the answers are not the same."""
    text = file.read_text()
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    said = [words(machine), alone(machine, tasks), agreement(machine, tasks), whole(machine, tasks), command(commands), memory(sizes, commands)]
    file.write_text(before + BEGIN + "\n" + "\n\n".join(part.strip() for part in said) + "\n\n" + END + after)


def words(machine):
    return f"""
Measured on {machine.date}: {machine.n_cores} cores ({machine.processor}), {machine.rust.split(" (")[0]}, {machine.python}.
"""


def alone(machine, tasks):
    """CPU seconds of the estimation itself."""
    head = ["task", "Traction", *(f"{peer} {version}" for peer, version in machine.peers.items()), "R did 2.5.1, earlier", "target"]
    rows = []
    for task in tasks:
        ours = task.get("traction")
        if ours is None:
            rows.append([task["title"], "no data", *("" for _ in machine.peers), "", ""])
            continue
        peers = [compared(task.get(peer), ours) for peer in machine.peers]
        rows.append([task["title"], seconds(ours["alone"]), *peers, task["r_did"] and f"{float(task['r_did']):g}", target(task, ours)])
    return "\n## Estimation alone: CPU seconds\n\n" + table(head, rows)


def compared(peer, ours):
    if peer is None:
        return "none"
    return f"{seconds(peer['alone'])} ({peer['alone'] / ours['alone']:,.0f} times)"


def target(task, ours):
    if task["at_most"]:
        return held(ours["alone"] < float(task["at_most"]), f"under {task['at_most']} s")
    if not task["times_less"]:
        return ""
    is_less = task["diff-diff"]["alone"] >= float(task["times_less"]) * ours["alone"]
    said = f"{task['times_less']} times less than diff-diff"
    if task["task"] == "effects":
        is_less = is_less and float(task["r_did"]) >= 100 * ours["alone"]
        said += ", 100 than R"
    return held(is_less, said)


def agreement(machine, tasks):
    """How far the same numbers differ. Drawn errors are not the same numbers."""
    most_value = most_se = 0.0
    for task in tasks:
        for peer in machine.peers:
            for name, numbers in ((task.get(peer) or {}).get("answers") or {}).items():
                ours = task["traction"]["answers"][name]
                apart = [abs(theirs / own - 1) for theirs, own in zip(numbers, ours)]
                if apart[0] > SAME:
                    raise SystemExit(f"{task['title']}: {peer} finds {numbers}, Traction {ours}: not the same work")
                most_value = max(most_value, apart[0])
                if len(apart) > 1 and task["task"] != "draws":
                    most_se = max(most_se, apart[1])
    return f"""
All found the same: estimates differ by {most_value:.0e} of themselves at most, standard errors by formula by {most_se:.0e}.
"""


def whole(machine, tasks):
    """The same processes from their start to their end."""
    head = ["task", "Traction", *machine.peers]
    rows = []
    for task in tasks:
        if "traction" not in task:
            continue
        cells = [task["traction"], *(task[peer] for peer in machine.peers)]
        rows.append([task["title"], *("none" if cell is None else f"{seconds(cell['process'])}; {megabytes(cell['peak'])}" for cell in cells)])
    return "\n## The same from start to end, the file read: CPU seconds; peak memory in MB\n\n" + table(head, rows)


def command(commands):
    head = ["`traction prove`", "CPU seconds", "wall seconds", "peak MB", "target"]
    rows = []
    for title, took in commands:
        said = ""
        if title.startswith("`mpdta`"):
            said = held(max(took["process"], took["wall"]) < MPDTA_AT_MOST, f"under {MPDTA_AT_MOST} s")
        elif title.startswith("10,000") and "--sensitivity" not in title:
            said = held(took["process"] < WHOLE_COMMAND_AT_MOST, f"under {WHOLE_COMMAND_AT_MOST} CPU-s")
        rows.append([title, seconds(took["process"]), seconds(took["wall"]), megabytes(took["peak"]), said])
    return "\n## The whole command, cold\n\n" + table(head, rows)


def memory(sizes, commands):
    """What the columns of a panel hold: 8 bytes an outcome; a unit's name and 8 bytes of its start."""
    head = ["units of 24 periods", "columns, MB", "peak of the whole process, MB", "times the columns", "CPU seconds", "a million rows"]
    rows = []
    for n_units, took in sizes:
        columns = column_bytes(n_units)
        rows.append([
            f"{n_units:,}", f"{columns / MB:.1f}", megabytes(took["peak"]), times(took, columns, n_units), seconds(took["alone"]),
            f"{took['alone'] / (n_units * N_PERIODS / 1e6):.4f}",
        ])
    took = dict(commands)["100,000 units"]
    columns = column_bytes(100_000)
    rows.append(["100,000, `traction prove`", f"{columns / MB:.1f}", megabytes(took["peak"]), times(took, columns, 100_000), "", ""])
    return "\n## Memory, and rows\n\n" + table(head, rows) + "\n"


def times(took, columns, n_units):
    said = f"{took['peak'] / columns:.1f}"
    if n_units < 100_000:
        return "the program itself"
    return held(took["peak"] <= MEMORY_TIMES_AT_MOST * columns, said)


def column_bytes(n_units):
    names = sum(len(str(unit)) for unit in range(1, n_units + 1))
    return 8 * n_units * N_PERIODS + names + 8 * n_units


def held(whether, said):
    return said if whether else f"{said}: **missed**"


def seconds(number):
    return f"{number:.3f}" if number < 1 else f"{number:.1f}"


def megabytes(n_bytes):
    return f"under {PEAK_AT_LEAST / MB + 1:.0f}" if n_bytes <= PEAK_AT_LEAST else f"{n_bytes / MB:,.0f}"


def table(head, rows):
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "".join("| " + " | ".join(str(cell) for cell in line) + " |\n" for line in lines)
