"""`python -u -m ais_bench_worker`: serves the process that started it until that one closes descriptor 3."""

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 10):
        sys.exit("this is Python %d.%d; ais_bench needs 3.10 or later" % sys.version_info[:2])

    from .channel import Channel
    from .worker import Worker

    Worker(Channel(requests=3, replies=4)).run()
