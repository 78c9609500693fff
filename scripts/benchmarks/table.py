"""The tables of a result, as text for a terminal or in Markdown."""

from benchmarks import figures, programs, sides

STEP = ("workload", "torch", "torch.compile", "jax.jit", "jtorch", "/ torch", "/ jax.jit", "losses")
COST = (
    *("workload", "first step s: torch", "jax.jit", "jtorch", "MB: torch", "jax.jit", "jtorch"),
    *("programs", "compiling s", "others %"),
)
WHOLE = (
    "process, s",
    "torch",
    "jax.jit cold",
    "warm",
    "jtorch cold",
    "warm",
    "cold / torch",
    "warm",
)


def step_rows(results):
    """Milliseconds of a step, and jtorch's time divided by the others', with quartiles."""
    for each in results:
        if "ratios" not in each:
            continue
        times = [_milliseconds(each, side) for side in sides.ORDER]
        ratios = [_ratio(each["ratios"].get(side)) for side in (sides.TORCH, sides.JAX)]
        yield (each["case"], *times, *ratios, _agreement(each))


def cost_rows(results):
    """What a process costs beside its steps."""
    for each in results:
        if "ratios" not in each:
            continue
        found = [each["sides"].get(side, {}) for side in (sides.TORCH, sides.JAX, sides.JTORCH)]
        first = [_number(side.get("first_step"), 2) for side in found]
        memory = [_number(side.get("peak_megabytes"), 0) for side in found]
        programs = _number(found[-1].get("programs"), 0)
        if found[-1].get("programs_in_rounds"):  # then it was not done with compiling
            programs += f" ({found[-1]['programs_in_rounds']} in rounds)"
        yield (
            *(each["case"], *first, *memory, programs),
            _number(found[-1].get("compile_seconds"), 2),
            "-" if each["others"] is None else f"{each['others'] * 100:.0f}",
        )


def whole_rows(results):
    """Seconds of whole processes, without and with compiled programs from an earlier run."""
    for each in results:
        spreads = {
            (side, temperature): figures.spread(seconds)["median"]
            for side, found in each["sides"].items()
            for temperature, seconds in found.get("whole", {}).items()
            if seconds
        }
        if not spreads:
            continue
        steps = each.get("whole_steps")
        columns = [(sides.TORCH, programs.WARM)]
        columns += [
            (side, temperature)
            for side in (sides.JAX, sides.JTORCH)
            for temperature in (programs.COLD, programs.WARM)
        ]
        ratios = each.get("whole_ratios", {})
        yield (
            each["case"] + (f", {steps} steps" if steps else ""),
            *(_number(spreads.get(column), 2) for column in columns),
            *(_ratio(ratios.get(temperature)) for temperature in (programs.COLD, programs.WARM)),
        )


def _milliseconds(each, side):
    found = each["sides"].get(side, {})
    if "failed" in found:
        return "n/a" if found["failed"].startswith("not available") else "FAILED"
    return _number(found["step"]["median"] * 1e3, 3) if "step" in found else "-"


def _number(value, digits):
    return "-" if value is None else f"{value:.{digits}f}"


def _ratio(spread):
    if spread is None:
        return "-"
    return f"{spread['median']:.2f} ({spread['low']:.2f}-{spread['high']:.2f})"


def _agreement(each):
    if each["disagreements"]:
        return "DIFFER"
    return "same" if each["ratios"] else "-"


def tables(results):
    """The tables that have rows: (headings, rows)."""
    kinds = ((STEP, step_rows), (COST, cost_rows), (WHOLE, whole_rows))
    made = [(headings, list(rows(results))) for headings, rows in kinds]
    return [(headings, rows) for headings, rows in made if rows]


def plain(headings, rows):
    """A table for a terminal: the first column to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (headings, *rows)
    )


def markdown(headings, rows):
    rule = ["---", *["--:"] * (len(headings) - 1)]
    lines = ([cell.replace("|", "\\|") for cell in row] for row in (headings, rule, *rows))
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


def failures(results):
    """A line for each side that failed or differs."""
    for each in results:
        for side, found in each["sides"].items():
            if "failed" in found and not found["failed"].startswith("not available"):
                yield f"{each['case']}, {side}: failed: {found['failed']}"
        for side, words in each.get("disagreements", {}).items():
            yield f"{each['case']}: jtorch and {side} differ: {words}"
