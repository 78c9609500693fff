"""What is written of a value: TensorBoard's messages."""

import logging

import numpy as np
from google.protobuf.struct_pb2 import ListValue, Value
from tensorboard.compat.proto.summary_pb2 import HistogramProto, Summary, SummaryMetadata
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.plugins.custom_scalar import layout_pb2
from tensorboard.plugins.hparams import api_pb2, metadata, plugin_data_pb2
from tensorboard.plugins.pr_curve.plugin_data_pb2 import PrCurvePluginData
from tensorboard.plugins.text.plugin_data_pb2 import TextPluginData

from jtorch._alias import missing_attribute
from jtorch._dtypes import bfloat16, float16
from jtorch._tensor import Tensor
from jtorch.utils.tensorboard._pictures import encoded, in_rows_and_columns

__all__ = [
    "custom_scalars", "histogram", "histogram_raw", "hparams", "image", "make_np", "pr_curve",
    "pr_curve_raw", "scalar", "text",
]  # fmt: skip

logger = logging.getLogger(__name__)
_MOST_THRESHOLDS = 127


def __getattr__(name):
    raise missing_attribute(__name__, name)


def make_np(x):
    """A tensor, an array or a number as an array. Errors: NotImplementedError for anything else."""
    if isinstance(x, np.ndarray):
        return x
    if np.isscalar(x):
        return np.array([x])
    if not isinstance(x, Tensor):
        raise NotImplementedError(f"Got {type(x)}, but numpy array or torch tensor are expected.")
    return (x.to(float16) if x.dtype is bfloat16 else x).detach().cpu().numpy()


def _described(tag, plugin, content=b"", tensor=None):
    """A message for one of TensorBoard's plugins."""
    data = SummaryMetadata.PluginData(plugin_name=plugin, content=content)
    value = Summary.Value(tag=tag, metadata=SummaryMetadata(plugin_data=data), tensor=tensor)
    return Summary(value=[value])


def _shape(*sizes):
    return TensorShapeProto(dim=[TensorShapeProto.Dim(size=each) for each in sizes])


def scalar(name, tensor, collections=None, new_style=False, double_precision=False):
    """One number. Errors: AssertionError for more than one."""
    array = make_np(tensor).squeeze()
    if array.ndim != 0:
        raise AssertionError(
            "Tensor should contain one element (0 dimensions).             Was given size: "
            f"{array.size} and {array.ndim} dimensions."
        )
    value = float(array)
    if not new_style:
        return Summary(value=[Summary.Value(tag=name, simple_value=value)])
    if double_precision:
        return _described(
            name, "scalars", tensor=TensorProto(double_val=[value], dtype="DT_DOUBLE")
        )
    return _described(name, "scalars", tensor=TensorProto(float_val=[value], dtype="DT_FLOAT"))


def histogram_raw(name, min, max, num, sum, sum_squares, bucket_limits, bucket_counts):
    """A histogram that the caller has counted."""
    counted = HistogramProto(
        min=min, max=max, num=num, sum=sum, sum_squares=sum_squares, bucket_limit=bucket_limits,
        bucket=bucket_counts,
    )  # fmt: skip
    return Summary(value=[Summary.Value(tag=name, histo=counted)])


def histogram(name, values, bins, max_bins=None):
    """How many of the values are in each bin. Errors: ValueError for no values."""
    values = make_np(values).astype(float).reshape(-1)
    if not values.size:
        raise ValueError("The input has no element.")
    counts, limits = np.histogram(values, bins=bins)
    if max_bins is not None and len(counts) > max_bins:
        counts, limits = _fewer_bins(counts, limits, len(counts) // max_bins)
    filled = np.flatnonzero(counts)
    if not filled.size:
        raise ValueError("The histogram is empty, please file a bug report.")
    first, end = filled[0], filled[-1] + 1
    # TensorBoard knows only upper limits, so an empty bin goes before the first.
    counts = np.concatenate([[0], counts[first:end]])
    limits = limits[first : end + 1]
    return histogram_raw(
        name, values.min(), values.max(), len(values), values.sum(), values.dot(values),
        limits.tolist(), counts.tolist(),
    )  # fmt: skip


def _fewer_bins(counts, limits, together):
    """Every `together` bins as one."""
    rest = len(counts) % together
    if rest:
        counts = np.pad(counts, (0, together - rest))
    starts = limits[:-1:together]
    return counts.reshape(-1, together).sum(-1), np.append(starts, limits[-1])


def image(tag, tensor, rescale=1, dataformats="NCHW"):
    """A picture, or a grid of pictures: bytes, or numbers of [0, 1]."""
    array = in_rows_and_columns(make_np(tensor), dataformats)
    scale = 1 if array.dtype == np.uint8 else 255
    array = (array.astype(np.float32) * scale).clip(0, 255).astype(np.uint8)
    height, width, channels = array.shape
    picture = Summary.Image(
        height=height, width=width, colorspace=channels, encoded_image_string=encoded(array)
    )
    return Summary(value=[Summary.Value(tag=tag, image=picture)])


def text(tag, text):
    """A text."""
    tensor = TensorProto(
        dtype="DT_STRING", string_val=[text.encode("utf_8")], tensor_shape=_shape(1)
    )
    version = TextPluginData(version=0).SerializeToString()
    return _described(f"{tag}/text_summary", "text", version, tensor)


def pr_curve_raw(
    tag, tp, fp, tn, fn, precision, recall, num_thresholds=_MOST_THRESHOLDS, weights=None
):
    """A curve of precision and recall that the caller has counted."""
    curve = np.stack((tp, fp, tn, fn, precision, recall))
    content = PrCurvePluginData(version=0, num_thresholds=min(num_thresholds, _MOST_THRESHOLDS))
    tensor = TensorProto(
        dtype="DT_FLOAT", float_val=curve.reshape(-1).tolist(), tensor_shape=_shape(*curve.shape)
    )
    return _described(tag, "pr_curves", content.SerializeToString(), tensor)


def pr_curve(tag, labels, predictions, num_thresholds=_MOST_THRESHOLDS, weights=None):
    """The curve of precision and recall of predictions, for thresholds between 0 and 1."""
    count = min(num_thresholds, _MOST_THRESHOLDS)
    weights = 1.0 if weights is None else weights
    places = np.int32(np.floor(predictions * (count - 1)))
    truths = labels.astype(np.float64)

    def at_least(weights):
        counted, _ = np.histogram(places, bins=count, range=(0, count - 1), weights=weights)
        return np.cumsum(counted[::-1])[::-1]

    hits, misses = at_least(truths * weights), at_least((1.0 - truths) * weights)
    passed, missed = misses[0] - misses, hits[0] - hits
    precision = hits / np.maximum(1e-7, hits + misses)
    recall = hits / np.maximum(1e-7, hits + missed)
    return pr_curve_raw(tag, hits, misses, passed, missed, precision, recall, count)


def custom_scalars(layout):
    """Which scalars are shown together: category -> title -> ["Multiline" or "Margin", tags]."""
    categories = []
    for category, titles in layout.items():
        charts = [_chart(title, *given) for title, given in titles.items()]
        categories.append(layout_pb2.Category(title=category, chart=charts))
    content = layout_pb2.Layout(category=categories).SerializeToString()
    tensor = TensorProto(dtype="DT_STRING", string_val=[content], tensor_shape=TensorShapeProto())
    return _described("custom_scalars__config__", "custom_scalars", tensor=tensor)


def _chart(title, kind, tags, *rest):
    if kind != "Margin":
        return layout_pb2.Chart(title=title, multiline=layout_pb2.MultilineChartContent(tag=tags))
    if len(tags) != 3:
        raise AssertionError("len(tags) != 3")
    value, lower, upper = tags
    series = layout_pb2.MarginChartContent.Series(value=value, lower=lower, upper=upper)
    return layout_pb2.Chart(title=title, margin=layout_pb2.MarginChartContent(series=[series]))


def hparams(hparam_dict=None, metric_dict=None, hparam_domain_discrete=None):
    """Three messages: the experiment, the beginning of a session, and its end.

    Errors:  TypeError for what is no dict, and domains that do not fit; ValueError for values that
             TensorBoard cannot show.
    """
    for name, given in (("hparam_dict", hparam_dict), ("metric_dict", metric_dict)):
        if not isinstance(given, dict):
            words = f"parameter: {name} should be a dictionary, nothing logged."
            logger.warning(words)
            raise TypeError(words)
    domains = _checked_domains(hparam_domain_discrete or {}, hparam_dict)
    start = plugin_data_pb2.SessionStartInfo()
    infos = []
    for name, given in hparam_dict.items():
        if given is not None:
            kind, field, value = _kind_of(given)
            setattr(start.hparams[name], field, value)
            domain = domains.get(name)
            if domain is not None:
                domain = ListValue(values=[Value(**{field: each}) for each in domain])
            infos.append(api_pb2.HParamInfo(name=name, type=kind, domain_discrete=domain))
    metrics = [api_pb2.MetricInfo(name=api_pb2.MetricName(tag=name)) for name in metric_dict]
    experiment = api_pb2.Experiment(hparam_infos=infos, metric_infos=metrics)
    end = plugin_data_pb2.SessionEndInfo(status=api_pb2.Status.Value("STATUS_SUCCESS"))
    return (
        _of_session(metadata.EXPERIMENT_TAG, experiment=experiment),
        _of_session(metadata.SESSION_START_INFO_TAG, session_start_info=start),
        _of_session(metadata.SESSION_END_INFO_TAG, session_end_info=end),
    )


def _checked_domains(domains, values):
    if not isinstance(domains, dict):
        raise TypeError("parameter: hparam_domain_discrete should be a dictionary, nothing logged.")
    for name, domain in domains.items():
        fits = name in values and isinstance(domain, list)
        if not fits or not all(isinstance(each, type(values[name])) for each in domain):
            raise TypeError(
                f"parameter: hparam_domain_discrete[{name}] should be a list of same type as "
                f"hparam_dict[{name}]."
            )
    return domains


def _kind_of(value):
    """(type, field, value) of a hyperparameter; bools are numbers, as torch has them."""
    if isinstance(value, str):
        return api_pb2.DataType.Value("DATA_TYPE_STRING"), "string_value", value
    if isinstance(value, Tensor):
        value = make_np(value)[0]
    elif not isinstance(value, (int, float)):
        raise ValueError("value should be one of int, float, str, bool, or torch.Tensor")
    return api_pb2.DataType.Value("DATA_TYPE_FLOAT64"), "number_value", value


def _of_session(tag, **content):
    data = plugin_data_pb2.HParamsPluginData(version=metadata.PLUGIN_DATA_VERSION, **content)
    return _described(tag, metadata.PLUGIN_NAME, data.SerializeToString())
