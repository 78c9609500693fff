"""Contexts around autograd in longer programs: modes in generators and threads, anomaly, checkpoint."""

import pathlib
import threading
import warnings

from autograd_programs import leaf, on_both, plain, submodule, tried

HERE = pathlib.Path(__file__).name


def in_a_thread(call):
    """What a call gives in a thread of its own."""
    answers = []
    thread = threading.Thread(target=lambda: answers.append(tried(call)))
    thread.start()
    thread.join()
    return answers[0]


@on_both
def test_a_generator_under_no_grad(torch):
    @torch.no_grad()
    def numbers():
        for _ in range(3):
            yield torch.is_grad_enabled()

    seen = []
    for inside in numbers():
        seen.append((inside, torch.is_grad_enabled()))
    return seen


@on_both
def test_a_generator_under_enable_grad_used_under_no_grad(torch):
    @torch.enable_grad()
    def numbers():
        yield torch.is_grad_enabled()
        yield torch.is_grad_enabled()

    with torch.no_grad():
        return [(inside, torch.is_grad_enabled()) for inside in numbers()]


@on_both
def test_a_generator_that_is_sent_values(torch):
    @torch.inference_mode()
    def doubled():
        value = yield None
        while True:
            value = yield (value * 2, torch.is_inference_mode_enabled())

    generator = doubled()
    next(generator)
    return generator.send(3), generator.send(4), torch.is_inference_mode_enabled()


@on_both
def test_a_generator_that_is_thrown_into_and_closed(torch):
    seen = []

    @torch.no_grad()
    def steps():
        try:
            yield 1
        except ValueError:
            seen.append(("caught", torch.is_grad_enabled()))
        try:
            yield 2
        finally:
            seen.append(("closed", torch.is_grad_enabled()))

    generator = steps()
    first, second = next(generator), generator.throw(ValueError("x"))
    generator.close()
    return first, second, seen, torch.is_grad_enabled()


@on_both
def test_a_generator_that_returns_and_raises(torch):
    @torch.no_grad()
    def ends():
        yield 1
        return 5

    @torch.no_grad()
    def fails():
        yield 1
        raise KeyError("y")

    def outer():
        return (yield from ends())

    values = list(outer())
    return values, tried(lambda: list(fails())), torch.is_grad_enabled()


@on_both
def test_a_decorated_function_that_raises(torch):
    @torch.no_grad()
    def fails():
        raise KeyError("y")

    return tried(fails), torch.is_grad_enabled()


@on_both
def test_a_decorated_method_and_static_method(torch):
    class Model:
        @torch.no_grad()
        def run(self, x):
            return x * 2

        @staticmethod
        @torch.inference_mode()
        def infer(x):
            return (x * 2).is_inference()

        @classmethod
        @torch.enable_grad()
        def train(cls, x):
            return x * 2

    x = leaf(torch, 1.0, 2.0)
    return Model().run(x), Model.infer(x), Model.train(x)


@on_both
def test_modes_belong_to_a_thread(torch):
    with torch.no_grad():
        other = in_a_thread(torch.is_grad_enabled)
    with torch.inference_mode():
        third = in_a_thread(torch.is_inference_mode_enabled)
    return other, third


@on_both
def test_backward_in_another_thread(torch):
    x = leaf(torch, 1.0, 2.0)
    y = (x.exp() * x).sum()
    answer = in_a_thread(y.backward)
    return answer, x.grad


@on_both
def test_a_graph_made_in_another_thread(torch):
    x = leaf(torch, 1.0, 2.0)
    made = []
    in_a_thread(lambda: made.append((x * x).sum()))
    made[0].backward()
    return x.grad


@on_both
def test_backward_in_many_threads_adds_up(torch):
    x = leaf(torch, 1.0, 2.0)
    sums = [(x * number).sum() for number in range(1, 9)]
    threads = [threading.Thread(target=each.backward) for each in sums]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return x.grad


def warnings_of_anomaly(call):
    """[what a call gives, the first line of each warning, whether it names a line of this file]."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        answer = tried(call)
    texts = [plain(str(each.message)) for each in caught]
    return answer, [text.splitlines()[0] for text in texts], [HERE in text for text in texts]


@on_both
def test_anomaly_names_the_forward_line(torch):
    x = leaf(torch, -1.0, 2.0)
    with torch.autograd.set_detect_anomaly(True):
        y = (x.sqrt() * 0).sum()
        return warnings_of_anomaly(y.backward)


@on_both
def test_anomaly_shows_the_source_of_the_line(torch):
    x = leaf(torch, 0.0, 2.0)
    with torch.autograd.detect_anomaly():
        y = (x / x).sum()  # the guilty line
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            answer = tried(y.backward)
    return answer, ["# the guilty line" in str(each.message) for each in caught]


@on_both
def test_anomaly_without_a_recorded_forward(torch):
    x = leaf(torch, 0.0, 2.0)
    y = (x.sqrt() * 0).sum()
    with torch.autograd.set_detect_anomaly(True):
        return warnings_of_anomaly(y.backward)


@on_both
def test_anomaly_in_a_second_derivative(torch):
    x = leaf(torch, 0.0, 2.0)
    with torch.autograd.set_detect_anomaly(True):
        (first,) = torch.autograd.grad((x.abs() ** 1.5).sum(), x, create_graph=True)
        return warnings_of_anomaly(lambda: (first.sqrt() * 0).sum().backward())


@on_both
def test_anomaly_in_a_custom_function(torch):
    class Spoiled(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()

        @staticmethod
        def backward(ctx, g):
            return g * float("nan")

    x = leaf(torch, 1.0, 2.0)
    with torch.autograd.set_detect_anomaly(True):
        return warnings_of_anomaly(lambda: Spoiled.apply(x).sum().backward())


@on_both
def test_anomaly_where_backward_raises(torch):
    class Raising(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x.clone()

        @staticmethod
        def backward(ctx, g):
            raise KeyError("here")

    x = leaf(torch, 1.0, 2.0)
    with torch.autograd.set_detect_anomaly(True):
        return warnings_of_anomaly(lambda: Raising.apply(x).sum().backward())


@on_both
def test_anomaly_with_a_stale_value(torch):
    x = leaf(torch, 1.0, 2.0)
    with torch.autograd.set_detect_anomaly(True):
        y = x.exp()
        y.add_(1)
        return warnings_of_anomaly(y.sum().backward)


@on_both
def test_anomaly_lets_good_gradients_pass(torch):
    x = leaf(torch, 1.0, 2.0)
    with torch.autograd.set_detect_anomaly(True):
        answer = warnings_of_anomaly(lambda: (x.exp() * x).sum().backward())
    return answer, x.grad


def checkpoint(torch, function, *arguments, **options):
    options.setdefault("use_reentrant", False)
    return submodule(torch, "utils.checkpoint").checkpoint(function, *arguments, **options)


@on_both
def test_checkpoint_of_another_shape_the_second_time(torch):
    sizes = iter((2, 3))
    x = leaf(torch, 1.0)
    y = checkpoint(torch, lambda x: (x.expand(next(sizes)) * 2).exp(), x)
    return tried(lambda: y.sum().backward())


@on_both
def test_checkpoint_of_fewer_operations_the_second_time(torch):
    passes = iter((3, 1))

    def function(x):
        for _ in range(next(passes)):
            x = x.sin()
        return x

    y = checkpoint(torch, function, leaf(torch, 1.0))
    return tried(lambda: y.sum().backward())


@on_both
def test_checkpoint_of_more_operations_the_second_time(torch):
    passes = iter((1, 3))

    def function(x):
        for _ in range(next(passes)):
            x = x.sin()
        return x

    with submodule(torch, "utils.checkpoint").set_checkpoint_early_stop(False):
        y = checkpoint(torch, function, leaf(torch, 1.0))
    return tried(lambda: y.sum().backward())


@on_both
def test_checkpoint_with_contexts(torch):
    import contextlib

    seen = []

    @contextlib.contextmanager
    def noted(name):
        seen.append(("enter", name))
        yield
        seen.append(("leave", name))

    x = leaf(torch, 1.0)
    contexts = lambda: (noted("forward"), noted("again"))  # noqa: E731
    checkpoint(torch, lambda x: x.exp() * x, x, context_fn=contexts).sum().backward()
    return seen, x.grad


@on_both
def test_checkpoint_keeps_the_grad_mode_inside(torch):
    seen = []

    def function(x):
        seen.append((torch.is_grad_enabled(), x.requires_grad))
        return x.exp()

    x = leaf(torch, 1.0)
    checkpoint(torch, function, x).sum().backward()
    checkpoint(torch, function, x, use_reentrant=True).sum().backward()
    return seen, x.grad


@on_both
def test_checkpoint_in_a_loop(torch):
    x, w = leaf(torch, 0.5, 0.25), leaf(torch, 1.5, 2.0)
    y = x
    for _ in range(6):
        y = checkpoint(torch, lambda y: (y * w).sin(), y)
    y.sum().backward()
    return y, x.grad, w.grad


@on_both
def test_checkpoint_saves_only_its_inputs(torch):
    """Seen through hooks: inside, nothing but placeholders is saved."""
    seen = []
    x = leaf(torch, 1.0, 2.0)
    with torch.autograd.graph.saved_tensors_hooks(lambda t: seen.append(t) or t, lambda t: t):
        y = checkpoint(torch, lambda x: x.exp().sin().cos(), x)
    y.sum().backward()
    return seen, x.grad


@on_both
def test_saved_tensors_on_disk(torch):
    """The use that saved-tensor hooks are made for: values leave the memory and come back."""
    kept = []

    def pack(tensor):
        kept.append(tensor.detach().numpy().copy())
        return len(kept) - 1

    def unpack(place):
        return torch.from_numpy(kept[place])

    x = leaf(torch, 1.0, 2.0)
    with torch.autograd.graph.saved_tensors_hooks(pack, unpack):
        y = (x.exp() * x.sin()).sum()
    y.backward()
    return len(kept), x.grad


@on_both
def test_contexts_are_left_when_an_error_comes_through(torch):
    graph = torch.autograd.graph

    def fails():
        with (
            graph.saved_tensors_hooks(lambda t: t, lambda t: t),
            torch.autograd.set_detect_anomaly(True),
            torch.no_grad(),
        ):
            raise KeyError("through")

    answer = tried(fails)
    return answer, torch.is_grad_enabled(), torch.is_anomaly_enabled()
