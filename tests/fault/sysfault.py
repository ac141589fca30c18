"""A signal at, or an error from, every system call of a command; and a disk that is
full from then on. Needs strace."""
import collections
import re

import portal

# Only errors the kernel documents for the call; brk(2) fails by not moving the break.
ERRORS = {
    "openat": "EIO ENOSPC EMFILE ENFILE EACCES EINTR EROFS", "read": "EIO EINTR",
    "pread64": "EIO EINTR", "write": "EIO ENOSPC EINTR EDQUOT EPIPE EAGAIN",
    "pwrite64": "EIO ENOSPC EINTR EDQUOT EFBIG", "fsync": "EIO ENOSPC EINTR",
    "fdatasync": "EIO ENOSPC EINTR", "ftruncate": "EIO ENOSPC EINTR",
    "fallocate": "ENOSPC EIO", "unlink": "EIO EACCES EROFS", "rename": "EIO ENOSPC EACCES",
    "renameat2": "EIO ENOSPC EACCES EINVAL", "mmap": "ENOMEM", "mremap": "ENOMEM", "brk": "=0",
    "fcntl": "EINTR ENOLCK EDEADLK EIO", "flock": "EINTR ENOLCK EIO", "close": "EIO EINTR",
    "newfstatat": "EIO EACCES", "fstat": "EIO", "fstatfs": "EIO", "access": "EIO EACCES",
    "getrandom": "EINTR ENOSYS", "mkdir": "ENOSPC EACCES EROFS", "getcwd": "ENOENT",
    "fchown": "EPERM", "fchmod": "EPERM EIO", "prctl": "EINVAL", "lseek": "EIO",
}


def strace(round_, *more):
    return ["strace", "-qqq", "-o", f"{round_.top}/trace", "-s", "0", *more]


def calls_of(bases, command):
    """The names of the calls in their order, and where the loader has finished."""
    if command.name in bases.calls:
        return bases.calls[command.name]
    with portal.Round(bases, command) as r:
        r.run(strace(r) + command.argv())
        calls = re.findall(r"(?m)^([a-z_0-9]+)\(", r.text("trace"))
    start = calls.index("set_robust_list") if "set_robust_list" in calls else 0
    while start < len(calls) and calls[start] != "munmap":
        start += 1
    bases.calls[command.name] = calls, start + 1
    return bases.calls[command.name]


def injections(calls, start, mode):
    seen = collections.Counter()
    for i, name in enumerate(calls):
        seen[name] += 1
        if i < start:
            continue
        if mode != "fault":
            yield f"{name}:signal={mode}:when={seen[name]}"
            continue
        for error in ERRORS.get(name, "").split():
            kind = "retval" if error[0] == "=" else "error="
            yield f"{name}:{kind}{error}:when={seen[name]}"


# What takes room on a disk. No write(2) but the first fails: the next one says so.
GROWING = ("pwrite64", "fallocate", "ftruncate", "copy_file_range", "mkdir", "mkdirat")


def full_disks(calls, start):
    """From each call on that takes room, there is none."""
    seen = collections.Counter()
    for i, name in enumerate(calls):
        seen[name] += 1
        if i < start or (name not in GROWING and name != "write"):
            continue
        full = [f"{other}:error=ENOSPC:when={seen[other] + (other != name)}+"
                for other in GROWING if other in calls]
        yield " ".join(full + ([f"write:error=ENOSPC:when={seen[name]}"] * (name == "write")))


def one(bases, command, injection, states):
    with portal.Round(bases, command) as r:
        injections = injection.split(" ")
        names = ",".join(one.split(":")[0] for one in injections)
        injected = [word for one in injections for word in ("-e", f"inject={one}")]
        outcome = r.run(strace(r, "-e", f"trace={names}", *injected) + command.argv())
        signalled = outcome.status is not None and outcome.status < 0
        if signalled and ":signal=" not in injection:
            return f"died by signal {-outcome.status}"
        return r.judge(command, outcome, *states)


def campaign(bases, command, mode, runner):
    """mode: KILL, TERM, INT (a signal), fault or full."""
    states = portal.baseline(bases, command)
    calls, start = calls_of(bases, command)
    plan = list(full_disks(calls, start) if mode == "full" else injections(calls, start, mode))
    return runner.rounds(plan, lambda injection: one(bases, command, injection, states),
                         command.share())
