"""Who computes the points: processes of this machine by joblib, or the workers of a Dask cluster."""

from collections.abc import Iterator
from itertools import islice

from core.sweep.space import SweepError, Values
from core.sweep.target import Row, measured

Points = Iterator[tuple[int, Values]]
WINDOW = 16  # points of a process that are taken at a time
AHEAD = 4  # points a thread of the cluster has before it, so that it does not wait
RETRIES = 5  # workers that may die under a point before it is held to be its fault


def here(name: str, points: Points, companion: bool, jobs: int) -> Iterator[Row]:
    """Rows as they are finished; points are taken by WINDOW for each process. jobs: processes, -1 for one a core.

    joblib alone takes the next point when one is finished, not when its row is fetched: a slow disk would let rows pile up.
    """
    from joblib import Parallel, delayed, effective_n_jobs  # noqa: PLC0415  a cluster needs no joblib

    width, coming = WINDOW * effective_n_jobs(jobs), iter(points)
    with Parallel(n_jobs=jobs, return_as="generator_unordered", batch_size=1) as run:
        while window := list(islice(coming, width)):
            yield from run(delayed(measured)(name, number, values, companion) for number, values in window)


def there(name: str, points: Points, companion: bool, address: str) -> Iterator[Row]:
    """Rows as the workers of the scheduler at address finish them; what a dead worker had is computed by another.

    The workers need this folder as their own. Raises SweepError where no scheduler answers.
    """
    try:
        from distributed import Client, as_completed  # noqa: PLC0415  optional
    except ModuleNotFoundError:
        raise SweepError("--dask needs the package distributed: pip install -r requirements-sweep.txt") from None
    try:
        client = Client(address, timeout=10)
    except OSError as error:
        raise SweepError(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        wide = AHEAD * max(sum(client.nthreads().values()), 1)

        def sent() -> Iterator[object]:
            for number, values in points:
                yield client.submit(measured, name, number, values, companion, pure=False, retries=RETRIES)

        coming = sent()
        at_work = as_completed(islice(coming, wide), with_results=True)
        for future, row in at_work:
            yield row
            future.release()
            for following in islice(coming, 1):
                at_work.add(following)
