"""Runs what was put in the embedded task queue, in this process and in order."""

from queue import Empty

from celery import current_app
from kombu.simple import SimpleQueue

from backend.config.schedule import QUEUES


def run_queued() -> int:
    """Runs every waiting task once, one after the other; returns how many ran.

    For simulations that step through a day: a worker would run the same tasks at its own pace.
    What tasks enqueue runs too. A task's exception is the simulation's.
    """
    ran = 0
    with current_app.connection_for_read() as connection:
        queues = [SimpleQueue(connection.default_channel, name) for name in QUEUES]
        while done := sum([_run_one(queue) for queue in queues]):
            ran += done
    return ran


def _run_one(queue: SimpleQueue) -> bool:
    try:
        message = queue.get_nowait()
    except Empty:
        return False
    message.ack()
    positional, named, _ = message.payload
    current_app.tasks[message.headers["task"]](*positional, **named)
    return True
