"""Recurrences over time as JAX computes them: loops whose derivatives are loops of their own.

All that does not depend on the state is computed for all times at once, before the loop or after it:
the inputs times their weights, and in derivatives the gradients of weights. A derivative written so
is linear in the tangents, so JAX turns it round, and keeps what the loop computed at each time.

Two loops of a program that are equal become one: so the loop of the derivative's values is that of
the operation itself, if both give the same array at each time. Hence all that is kept is one array.
"""

import functools

import jax
from jax import lax
from jax import numpy as jnp
from jax.custom_derivatives import SymbolicZero


def recurrence(run, push):
    """`run(options, *arrays)` with the derivative `push(options, arrays, tangents)`.

    `push` gives the values and their tangents; a tangent that is 0 arrives as None.
    """

    @functools.cache
    def made(options):
        value = jax.custom_jvp(functools.partial(run, options))

        def derive(primals, tangents):
            moved = [None if isinstance(each, SymbolicZero) else each for each in tangents]
            return push(options, primals, moved)

        value.defjvp(derive, symbolic_zeros=True)
        return value

    return lambda options, *arrays: made(options)(*arrays)


def _sum(*terms):
    """The sum of those that are there."""
    return functools.reduce(jnp.add, [each for each in terms if each is not None])


def _times(left, right):
    return None if left is None or right is None else jnp.matmul(left, right)


def _loop(step, state, inputs, valid, reverse):
    """`lax.scan`; where a sequence is over, its state stays what it was."""

    def masked(state, given):
        values, here = given
        after, shown = step(state, values)
        kept = [jnp.where(here, new, old) for new, old in zip(after, state, strict=True)]
        return kept, shown(kept)

    def plain(state, values):
        after, shown = step(state, values)
        return after, shown(after)

    if valid is None:
        return lax.scan(plain, state, inputs, reverse=reverse)
    return lax.scan(masked, state, (inputs, valid[..., None]), reverse=reverse)


def _before(first, following, reverse):
    """The state before each time, of the first one and those after each time."""
    if reverse:
        return jnp.concatenate([lax.slice_in_dim(following, 1, None), first[None]])
    return jnp.concatenate([first[None], lax.slice_in_dim(following, 0, -1)])


def _last(states, reverse):
    return lax.index_in_dim(states, 0 if reverse else -1, keepdims=False)


def _columns(array, start, end=None):
    return lax.slice_in_dim(array, start, end, axis=-1)


def _tangent_of_state(tangent, state):
    return jnp.zeros_like(state) if tangent is None else tangent


# h' = f(x + h W)


def _slope_of(activation, h):
    return 1 - h * h if activation == "tanh" else (h > 0).astype(h.dtype)


def _run_plain(options, x, h, w, valid):
    activation, reverse, _ = options
    function = jnp.tanh if activation == "tanh" else jax.nn.relu

    def step(state, x):
        return [function(x + state[0] @ w)], lambda kept: kept[0]

    _, states = _loop(step, [h], x, valid, reverse)
    return states


def _push_plain(options, primals, tangents):
    activation, reverse, _ = options
    x, h, w, valid = primals
    dx, dh, dw, _ = tangents
    states = _run_plain(options, *primals)
    moved = _sum(dx, _times(_before(h, states, reverse), dw), jnp.zeros_like(x))

    def step(state, given):
        moved, slope = given
        return [slope * (moved + state[0] @ w)], lambda kept: kept[0]

    slopes = _slope_of(activation, states)
    start = [_tangent_of_state(dh, h)]
    _, pushed = _loop(step, start, (moved, slopes), valid, reverse)
    return states, pushed


plain = recurrence(_run_plain, _push_plain)


# Gated recurrent units: n + z (h - n)


def _gates_of_gru(x, h, w, b):
    a = h @ w
    rx, zx, nx = jnp.split(x, 3, axis=-1)
    ra, za, na = jnp.split(a, 3, axis=-1)
    m = na if b is None else na + b
    r, z = jax.nn.sigmoid(rx + ra), jax.nn.sigmoid(zx + za)
    return r, z, jnp.tanh(nx + r * m), m


def _run_gru_whole(options, x, h, w, b, valid):
    """(times, batch, 5 widths) of r, z, n, the product that r multiplies, and the state; else that."""
    reverse, keeps = options

    def step(state, x):
        r, z, n, m = _gates_of_gru(x, state[0], w, b)

        def shown(kept):
            return jnp.concatenate([r, z, n, m, kept[0]], -1) if keeps else kept[0]

        return [n + z * (state[0] - n)], shown

    return _loop(step, [h], x, valid, reverse)[1]


def _run_gru(options, x, h, w, b, valid):
    whole = _run_gru_whole(options, x, h, w, b, valid)
    return _columns(whole, -h.shape[-1])


def _push_gru(options, primals, tangents):
    reverse, _ = options
    x, h, w, b, valid = primals
    dx, dh, dw = tangents[:3]
    db = tangents[3] if b is not None else None
    whole = _run_gru_whole((reverse, True), x, h, w, b, valid)
    r, z, n, m, states = jnp.split(whole, 5, axis=-1)
    before = _before(h, states, reverse)
    dm = _times(before, dw)
    dm = jnp.zeros_like(x) if dm is None else dm
    width = h.shape[-1]
    if db is not None:
        dm += jnp.pad(db, (2 * width, 0))
    dx = jnp.zeros_like(x) if dx is None else dx
    # by r, z and n before their functions, times what each moves the state
    by_n = (1 - z) * (1 - n * n)
    slopes = (m * r * (1 - r), (before - n) * z * (1 - z), by_n, r, z)

    def step(state, given):
        dx, dm, (by_r, by_z, by_n, r, z) = given
        moved = dm + state[0] @ w
        rx, zx, nx = jnp.split(dx, 3, axis=-1)
        ra, za, na = jnp.split(moved, 3, axis=-1)
        dn = by_n * (nx + by_r * (rx + ra) + r * na)
        return [dn + by_z * (zx + za) + z * state[0]], lambda kept: kept[0]

    start = [_tangent_of_state(dh, h)]
    _, pushed = _loop(step, start, (dx, dm, slopes), valid, reverse)
    return states, pushed


gru = recurrence(_run_gru, _push_gru)


# Long short-term memory: c' = f c + i g, h' = o tanh(c'), perhaps projected


def _run_lstm_whole(options, x, h, c, w, p, valid):
    """(times, batch, ...) of i, f, g, o, the cell and the state; or of the last two alone."""
    reverse, keeps = options

    def step(state, x):
        h, c = state
        i, f, g, o = jnp.split(x + h @ w, 4, axis=-1)
        i, f, g, o = jax.nn.sigmoid(i), jax.nn.sigmoid(f), jnp.tanh(g), jax.nn.sigmoid(o)
        c = f * c + i * g
        h = o * jnp.tanh(c)

        def shown(kept):
            return jnp.concatenate([i, f, g, o, kept[1], kept[0]], -1) if keeps else kept[0]

        return [h if p is None else h @ p, c], shown

    last, whole = _loop(step, [h, c], x, valid, reverse)
    return whole, last[1]


def _run_lstm(options, x, h, c, w, p, valid):
    reverse, keeps = options
    whole, last = _run_lstm_whole(options, x, h, c, w, p, valid)
    if not keeps:
        return whole, last
    width = c.shape[-1]
    return _columns(whole, 5 * width), _columns(_last(whole, reverse), 4 * width, 5 * width)


def _push_lstm(options, primals, tangents):
    reverse, _ = options
    x, h, c, w, p, valid = primals
    dx, dh, dc, dw = tangents[:4]
    dp = tangents[4] if p is not None else None
    whole, _ = _run_lstm_whole((reverse, True), x, h, c, w, p, valid)
    width = c.shape[-1]
    i, f, g, o, cells = jnp.split(_columns(whole, 0, 5 * width), 5, axis=-1)
    states = _columns(whole, 5 * width)
    curved = jnp.tanh(cells)
    moved = _sum(dx, _times(_before(h, states, reverse), dw), jnp.zeros_like(x))
    projected = _times(o * curved, dp)
    by_cell = (g * i * (1 - i), _before(c, cells, reverse) * f * (1 - f), i * (1 - g * g))
    slopes = (*by_cell, curved * o * (1 - o), f, o * (1 - curved * curved))

    def step(state, given):
        moved, projected, (by_i, by_f, by_g, by_o, f, by_c) = given
        di, df, dg, do = jnp.split(moved + state[0] @ w, 4, axis=-1)
        dc = f * state[1] + by_i * di + by_f * df + by_g * dg
        dh = by_o * do + by_c * dc
        dh = dh if p is None else dh @ p
        dh = dh if projected is None else dh + projected
        return [dh, dc], lambda kept: kept[0]

    start = [_tangent_of_state(dh, h), _tangent_of_state(dc, c)]
    last, pushed = _loop(step, start, (moved, projected, slopes), valid, reverse)
    return (states, _last(cells, reverse)), (pushed, last[1])


lstm = recurrence(_run_lstm, _push_lstm)
