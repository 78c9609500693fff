"""What was measured on: the machine, and the versions of what ran."""

import datetime
import importlib.metadata
import os
import pathlib
import platform
import resource
import subprocess
import time

ROOT = pathlib.Path(__file__).parent.parent.parent
PACKAGES = ("torch", "jax", "jaxlib", "numpy")


def description():
    """Plain data for JSON."""
    versions = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            versions[name] = "not installed"
    versions["jtorch"] = commit()
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gigabytes": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.release()}",
        "load_before": round(os.getloadavg()[0], 2),
        "versions": versions,
    }


def processor():
    """Name of the processor, where the system says it."""
    info = pathlib.Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def commit():
    """The commit of this checkout, with a plus where files have changed since."""
    git = ["git", "-C", str(ROOT), "describe", "--always", "--dirty=+", "--match="]
    done = subprocess.run(git, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


class Others:
    """How busy other programs keep the machine, from now on: figures of a busy one mean little."""

    def __init__(self):
        self.begin = self._now()

    def share(self):
        """The part of all cores' time that went to neither our ended processes nor to nobody."""
        if self.begin is None:
            return None
        elapsed, busy, own = (now - then for now, then in zip(self._now(), self.begin, strict=True))
        return round(max(busy - own, 0) / (elapsed * os.cpu_count()), 3)

    def _now(self):
        """(seconds, those that all cores were busy, our own of these); None where it is not said."""
        stat = pathlib.Path("/proc/stat")
        if not stat.exists():
            return None
        user, nice, system, _, _, interrupts, soft, steal = map(
            int, stat.read_text().split("\n")[0].split()[1:9]
        )
        busy = (user + nice + system + interrupts + soft + steal) / os.sysconf("SC_CLK_TCK")
        used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return time.monotonic(), busy, sum(each.ru_utime + each.ru_stime for each in used)
