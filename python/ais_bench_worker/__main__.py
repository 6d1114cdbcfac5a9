"""`python -u …/ais_bench_worker/__main__.py`: serves the process that started it until that one closes descriptor 3."""

import sys

if __name__ == "__main__":
    if sys.version_info < (3, 9):
        sys.exit("this is Python %d.%d; ais_bench needs 3.9 or later" % sys.version_info[:2])
    # Nothing else is imported before the search path is in order.
    sys.path.insert(0, __file__.rsplit("/", 2)[0])

    from ais_bench_worker.search_path import arrange

    arrange()

    from ais_bench_worker.channel import Channel
    from ais_bench_worker.worker import Worker

    Worker(Channel(requests=3, replies=4)).run()
