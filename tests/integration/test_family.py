# SPDX-License-Identifier: Apache-2.0
"""Ensures that no way to share a socket makes it send in clear, and that sharing goes on working.

Each combination of way, moment, role and action runs twice, without the shim and with it.  A
recorder sees all that is on the wire.  One combination by hand, both runs with all they said:

    python3 tests/integration/test_family.py WAY MOMENT ROLE ACTION

where DS_BUILD names the build; `run` before WAY puts it under `dtlsshim run`.
"""

import itertools
import multiprocessing
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from support import build, family  # noqa: E402

# Holders that the shim is in, and knows how they came to their copy: what they do works as in
# plaintext.
GUESTS = ("dup1", "dup40", "dup1000", "thread", "fork", "child-binds", "vfork", "exec", "rights",
          "helper", "activated")
# Holders that it is not in, or that came to their copy past it: they are served, or have a dead
# socket, or the end of a pair that tells them nothing.
STRANGERS = ("exec-clear", "rights-clear", "pidfd-clear", "activate", "pidfd", "spawn", "files")
MOMENTS = ("fresh", "options", "bound", "load", "during")
SENDS = ("sendto", "send", "sendmsg", "sendmmsg", "write", "writev")
RECEIVES = ("recvfrom", "recv", "read", "recvmsg", "recvmmsg", "poll", "select", "epoll")
ACTIONS = (*SENDS, "sink", *RECEIVES, "close")

# The documented errors.  Of a call of a holder that has a dead socket: no right to send in clear
# (EPERM), nobody to ask for the protected one (EBADF), a shim that does nothing (ENOBUFS, EINTR: a child
# with CLONE_FILES), a socket that is of no network (EINVAL) or was shut down (EPIPE, and as receiver the
# end of file, "0") or is not connected any more (ENOTCONN, EDESTADDRREQ), and nothing to read before its
# time ends (EAGAIN, and as waiter "0"); a waiter is told that the other end is gone ("8", POLLHUP).
DEAD = {"EPERM", "EPIPE", "ENOTCONN", "EDESTADDRREQ", "EAGAIN", "ECONNREFUSED", "ECONNRESET",
        "EISCONN", "EINVAL", "EBADF", "ENOBUFS", "EINTR", "0", "8"}
# Of a guest that sends to an address without a session here, and of one whose socket is retired while
# its call is in the kernel.
SINK = {"EPERM", "EDESTADDRREQ", "EISCONN"}
RETIRED = {"EPIPE"}
# Of the owner: its socket was given a name by a send before its bind() or connect().
RACED = {"bind EINVAL", "connect EINVAL"}
# Of a call that waits in recv when bind comes: the end of file of the socket it waits on.
LATE = {"0"}

PATIENCE = {"guest": 3000, "stranger": 150}     # milliseconds a holder's call waits
WORKERS = 4


def makes_sense(way, moment, role, action):
    if way in ("activate", "activated", "helper") and role == "client":
        return False
    if way == "activate":       # who bound the wire itself, outside the shim, can use it: documented
        return moment == "bound" and action not in (*SENDS, "sink")
    if way == "activated":
        return moment in ("bound", "load")
    if way == "files" and action == "close":    # it is closed for the owner, too
        return False
    # The owner has not been in the shim since bind(), so nobody answers: epoll_ctl() says EBADF.
    if way == "pidfd" and action == "epoll" and moment in ("bound", "load"):
        return False
    if moment == "during":      # whoever sends needs a peer, and a closed socket cannot be bound
        return action in ("sink", *RECEIVES) and not (
            # a send that comes first names the socket: in plaintext too it depends on luck
            action == "sink" and role == "server" and way not in ("thread", "fork", "files"))
    if way in ("child-binds", "helper"):
        return moment in ("fresh", "options") or way == "helper" and moment == "load"
    return not (action == "close" and way == "thread")   # after it nobody can talk


def table(way, role, actions=ACTIONS, moments=MOMENTS):
    return [c for c in itertools.product((way,), moments, (role,), actions) if makes_sense(*c)]


def judge(combination, bare, secured):
    """What is wrong, as text, or None."""
    way, moment, _, action = combination
    clear = secured["clear"]
    if moment == "during" and action == "sink":     # before bind() began it was in clear, rightly
        clear = [c for c in clear if c[0] == family.PORT or c[1] == family.PORT + 10]
        if secured.get("FAIL") in RACED:
            bare = secured
    if not bare["clear"]:
        return "the recorder saw nothing of the run in plaintext"
    if clear:
        return f"in clear on the wire: {clear[:3]}"
    if bare.get("OWN") != "ok":
        return None         # in plaintext it does not work either
    if secured.get("OWN") != "ok":
        return "the owner is not served: " + (secured.get("FAIL") or secured.get("OWN") or "it ended")
    did, wanted = secured["ACT"], bare["ACT"]
    if way in STRANGERS:
        failed = did in DEAD or action == "close" and did == "0"
        ok = did == wanted or failed or action in RECEIVES      # it may read what means nothing
    else:
        ok = did == wanted or action == "sink" and did in SINK or (
            moment == "during" and did in (LATE if action in RECEIVES[:5] else RETIRED))
    return None if ok else f"{did!r} instead of {wanted!r}"


def perform(stage, combination):
    patience = PATIENCE["stranger" if combination[0] in STRANGERS else "guest"]
    bare = stage.run(combination, secure=False)
    secured = stage.run(combination, secure=True, patience=patience)
    return bare, secured, judge(combination, bare, secured)


def worker(directory, tool, todo, results):
    stage = family.Stage(directory, tool)
    try:
        for combination in iter(todo.get, None):
            results.put((combination, *perform(stage, combination)))
    except Exception as error:      # pylint: disable=broad-except
        results.put((None, None, None, repr(error)))
    finally:
        stage.close()


def perform_all(combinations, directory, tool=False, workers=WORKERS):
    """Every verdict that is not None, as lines; and how many worked in plaintext."""
    context = multiprocessing.get_context("fork")
    todo, results = context.Queue(), context.Queue()
    for combination in combinations:
        todo.put(combination)
    processes = [context.Process(target=worker, args=(directory, tool, todo, results))
                 for _ in range(workers)]
    for process in processes:
        todo.put(None)
        process.start()
    bad, worked = [], 0
    try:
        for _ in combinations:
            combination, bare, secured, verdict = results.get(timeout=60)
            assert combination, verdict
            worked += bare.get("OWN") == "ok"
            if verdict:
                bad.append(" ".join(combination) + ": " + verdict +
                           "".join("\n    " + line for line in secured["log"][:4]))
        for process in processes:
            process.join()
    finally:
        for process in processes:
            if process.is_alive():
                process.terminate()
                process.join()
    return bad, worked


def check(combinations, directory, **kwargs):
    bad, worked = perform_all(combinations, directory, **kwargs)
    assert worked >= len(combinations) * 0.9, f"only {worked} of {len(combinations)} in plaintext"
    assert not bad, f"{len(bad)} of {len(combinations)}:\n" + "\n".join(sorted(bad))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("role", ["server", "client"])
@pytest.mark.parametrize("way", GUESTS + STRANGERS)
def test_a_shared_socket_never_speaks_in_clear_and_goes_on_working(tmp_path, way, role):
    actions = ACTIONS if not build.SANITIZE else ("sendto", "sink", "recvfrom", "epoll", "close")
    moments = MOMENTS if not build.SANITIZE else ("options", "load")
    combinations = table(way, role, actions, moments)
    if not combinations:
        pytest.skip("who is not under the shim binds, there is no such client")
    check(combinations, tmp_path)


@pytest.mark.timeout(120)
def test_a_thread_that_sends_while_the_port_is_bound_never_sends_from_it(tmp_path, nightly):
    once = [(way, "during", role, "sink") for way in ("thread", "fork", "files")
            for role in ("server", "client")]
    bad, _ = perform_all(once * nightly(3 if build.SANITIZE else 10, 200), tmp_path)
    assert not bad, "\n".join(sorted(bad))


@pytest.mark.timeout(120)
def test_under_run_a_shared_socket_never_speaks_in_clear(tmp_path):
    ways = ("dup40", "fork", "child-binds", "exec", "exec-clear", "rights", "thread")
    check([c for way in ways for c in table(way, "server", ("sendto", "sink", "recvfrom"),
                                            ("fresh", "options", "load"))], tmp_path, tool=True)


def main(arguments):
    tool = arguments[0] == "run"
    with tempfile.TemporaryDirectory() as directory:
        stage = family.Stage(Path(directory), tool)
        try:
            for name, what in zip(("bare", "shim", "verdict"),
                                  perform(stage, tuple(arguments[tool:][:4]))):
                print(f"{name}: {what}")
        finally:
            stage.close()


if __name__ == "__main__":
    main(sys.argv[1:])
