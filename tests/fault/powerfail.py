"""What can be on disk after the power goes at any moment of a command's life.

One run is recorded under strace (every write with its data, every sync, create,
unlink and rename); then the disk states that may follow are built and judged.
The data of a file is durable up to its last sync; later writes may each be
lost, kept, or torn at 512 bytes, and a file may have grown without its data. A
name is durable after a sync of its directory; before that in the order things
were done, as a journalling file system has it ("prefix"), or in any ("any", all
that POSIX promises). SQLite's -shm is left out: it is rebuilt."""
import copy
import hashlib
import os
import random
import re
import subprocess

import portal

TRACED = ("openat,open,creat,write,pwrite64,fsync,fdatasync,ftruncate,fallocate,rename,renameat,"
          "renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir")


class Story:
    """Commands one after the other, recorded together."""

    def __init__(self, *commands, names="prefix"):
        self.commands, self.names = commands, names


def command(name):
    return next(c for c in portal.COMMANDS if c.name == name)


STORIES = {name: Story(command(name)) for name in (
    "init", "company-add", "invite-send", "invite-accept", "invite-expire",
    "invite-accept-token", "batch", "contact-allow", "session-login", "apply-prune",
    "db-migrate")}
STORIES["init-any-order"] = Story(command("init"), names="any")
STORIES["init-deep"] = Story(command("init-deep"), names="any")
STORIES["db-migrate-any-order"] = Story(command("db-migrate"), names="any")


class Inode:
    def __init__(self, data=b"", directory=False):
        self.durable, self.pending, self.size = data, [], len(data)
        self.directory = directory


def applied(data, op):
    if op[0] == "truncate":
        return data[:op[1]].ljust(op[1], b"\0")
    _, offset, new = op
    data = data.ljust(offset, b"\0")
    return data[:offset] + new + data[offset + len(new):]


def unescape(text):
    return bytes(int(x, 16) for x in text.split("\\x")[1:])


class Recording:
    """The operations of a trace, paths relative to the directory."""

    def __init__(self, trace, directory, out):
        self.directory, self.out, self.ops = os.path.realpath(directory), out, []
        for line in trace.splitlines():
            found = re.match(r"(?:\d+ +)?([a-z0-9_]+)\((.*)\)\s+= (-?\d+)", line)
            if found and int(found[3]) >= 0:
                self.add(found[1], found[2], int(found[3]))

    def relative(self, path):
        path = os.path.normpath(os.path.join(self.directory, path))
        inside = path == self.directory or path.startswith(self.directory + "/")
        return os.path.relpath(path, self.directory) if inside else None

    def put(self, kind, path, *more):
        name = self.relative(path)
        if name is not None and not name.endswith("-shm"):
            self.ops.append((kind, name, *more))

    def add(self, name, arguments, result):
        texts = [unescape(t) for t in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', arguments)]
        paths = [t.decode("utf8", "surrogateescape") for t in texts] if name not in (
            "write", "pwrite64") else []
        fd = re.match(r"\d+<([^>]*)>", arguments)
        file = fd and (unescape(fd[1]).decode() if fd[1].startswith("\\x") else fd[1])
        if name in ("openat", "open", "creat"):
            if "O_CREAT" in arguments or name == "creat":
                self.put("create", paths[0])
            if "O_TRUNC" in arguments or name == "creat":
                self.put("truncate", paths[0], 0)
        elif name in ("write", "pwrite64"):
            if file == self.out:
                self.ops.append(("say", texts[0][:result]))
            elif file:
                at = int(arguments.rsplit(",", 1)[1]) if name == "pwrite64" else None
                self.put("write", file, at, texts[0][:result])
        elif name in ("fsync", "fdatasync"):
            self.put("sync", file)
        elif name == "ftruncate":
            self.put("truncate", file, int(arguments.rsplit(",", 1)[1]))
        elif name in ("unlink", "unlinkat", "rmdir"):
            self.put("unlink", paths[0])
        elif name.startswith("rename"):
            source, target = self.relative(paths[0]), self.relative(paths[1])
            self.ops.append(("rename", source, target))
        elif name.startswith("mkdir"):
            self.put("mkdir", paths[0])
        elif name == "fallocate":
            raise SystemExit("fallocate is not modelled")


class Disk:
    """What the program sees, what is durable, and the name changes in between."""

    def __init__(self, base):
        self.names, self.changes, self.said = {}, [], b""
        for top, directories, files in os.walk(base):
            for name in directories:
                self.names[os.path.relpath(f"{top}/{name}", base)] = Inode(directory=True)
            for name in files:
                with open(f"{top}/{name}", "rb") as file:
                    self.names[os.path.relpath(f"{top}/{name}", base)] = Inode(file.read())
        self.durable_names = dict(self.names)

    def do(self, op):
        getattr(self, "do_" + op[0])(*op[1:])

    def do_say(self, data):
        self.said += data

    def do_create(self, name):
        if name not in self.names:
            self.names[name] = Inode()
            self.changes.append(("create", name, self.names[name]))

    def do_mkdir(self, name):
        self.names[name] = Inode(directory=True)
        self.changes.append(("create", name, self.names[name]))

    def do_write(self, name, offset, data):
        inode = self.names[name]
        offset = inode.size if offset is None else offset
        inode.pending.append(("write", offset, data))
        inode.size = max(inode.size, offset + len(data))

    def do_truncate(self, name, size):
        self.names[name].pending.append(("truncate", size))
        self.names[name].size = size

    def do_sync(self, name):
        inode = self.names.get(name)
        if inode and not inode.directory:
            for op in inode.pending:
                inode.durable = applied(inode.durable, op)
            inode.pending = []
            return
        directory = "" if name == "." else name
        here = [c for c in self.changes if os.path.dirname(c[1]) == directory]
        for change in here:
            change_name(self.durable_names, change)
        self.changes = [c for c in self.changes if c not in here]

    def do_unlink(self, name):
        self.names.pop(name, None)
        self.changes.append(("unlink", name))

    def do_rename(self, source, target):
        self.names[target] = self.names.pop(source)
        self.changes.append(("rename", source, target))


def change_name(names, change):
    if change[0] == "create":
        names[change[1]] = change[2]
    elif change[0] == "unlink":
        names.pop(change[1], None)
    elif change[1] in names:
        names[change[2]] = names.pop(change[1])


def torn(data, op, chance):
    """The write of some of its sectors."""
    _, offset, new = op
    at = 0
    while at < len(new):
        length = 512 - (offset + at) % 512
        if chance.random() < .5:
            data = applied(data, ("write", offset + at, new[at:at + length]))
        at += length
    return data


def lost_or_kept(inode, chance):
    data = inode.durable
    for op in inode.pending:
        luck = chance.random()
        if luck < .35:
            continue
        if luck < .7 or op[0] == "truncate":
            data = applied(data, op)
        else:
            data = torn(data, op, chance)
    return data


def grown_with_zeros(inode, unused):
    data = inode.durable
    for op in inode.pending:
        if op[0] == "write":
            data = data.ljust(op[1] + len(op[2]), b"\0")
    return data


def all_kept(inode, unused):
    data = inode.durable
    for op in inode.pending:
        data = applied(data, op)
    return data


def surviving_changes(disk, order, chance):
    if order == "any":
        return [c for c in disk.changes if chance.random() < .5]
    return disk.changes[:chance.randint(0, len(disk.changes))]


def snapshots(disk, order, chance, count):
    yield [], lambda inode, unused: inode.durable
    yield disk.changes, all_kept
    yield disk.changes, grown_with_zeros
    for _ in range(count):
        yield surviving_changes(disk, order, chance), lost_or_kept


def states_of(recording, base, order, chance, count=4):
    """Distinct disk states: (label, files, said)."""
    disk, seen = Disk(base), set()
    for number, op in enumerate([("say", b"")] + recording.ops):
        disk.do(op)
        for changes, content in snapshots(disk, order, chance, count):
            names = copy.copy(disk.durable_names)
            for change in changes:
                change_name(names, change)
            files = {n: None if i.directory else content(i, chance) for n, i in names.items()}
            files = {n: d for n, d in files.items() if has_parent(n, names)}
            key = hashlib.sha256(repr(sorted(files.items())).encode() + disk.said).digest()
            if key not in seen:
                seen.add(key)
                yield f"{number}:{op[0]}:{op[1] if op[0] != 'say' else ''}", files, disk.said


def has_parent(name, names):
    parent = os.path.dirname(name)
    return not parent or (parent in names and has_parent(parent, names))


def record(bases, story):
    last = story.commands[-1]
    with portal.Round(bases, last) as r:
        outcome = r.run(["strace", "-y", "-xx", "-s", "100000000", "-qqq", "-o", f"{r.top}/trace",
                         "-e", f"trace={TRACED}"] + last.argv())
        if outcome.status:
            raise SystemExit(f"the recorded run fails: {outcome.err}")
        return Recording(r.text("trace"), r.directory, f"{r.top}/out")


def build(directory, files):
    for name in sorted(files):
        if files[name] is None:
            os.makedirs(f"{directory}/{name}", mode=0o700, exist_ok=True)
            continue
        with open(f"{directory}/{name}", "wb") as file:
            file.write(files[name])
        os.chmod(f"{directory}/{name}", 0o600)


def one(command_, disk_state, states):
    _, files, said = disk_state
    top = portal.scratch("power.")
    try:
        build(top, files)
        outcome = portal.Outcome(-9, said.decode(), "")
        return portal.judge(command_, top, outcome, *states)
    finally:
        subprocess.run(["rm", "-rf", top], check=False)


class Label(tuple):
    """A disk state that prints as its label."""

    def __str__(self):
        return self[0]


def campaign(bases, story, runner):
    last = story.commands[-1]
    states = portal.baseline(bases, last)
    recording = record(bases, story)
    chance = random.Random(runner.options.seed)
    plan = [Label(s) for s in states_of(recording, bases.path(last.base), story.names, chance)]
    return runner.rounds(plan, lambda disk_state: one(last, disk_state, states), share=4)
