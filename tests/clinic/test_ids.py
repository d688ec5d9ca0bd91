"""Keys sort as rows were made."""

from time import perf_counter_ns

from clinic.ids import uuid7


def test_keys_made_a_microsecond_apart_sort() -> None:
    made = []
    for _ in range(3000):  # some milliseconds: within one and from one to the next
        made.append(uuid7())
        until = perf_counter_ns() + 1000
        while perf_counter_ns() < until:
            pass
    assert made == sorted(made)
    assert {key.version for key in made} == {7}
    assert len(set(made)) == len(made)
