"""Arrays and figures as pictures, in the order that encoders want."""

import io

import numpy as np

__all__ = ["encoded", "in_rows_and_columns", "picture_of_figure"]

_COLUMNS = 8  # of a grid of pictures


def in_rows_and_columns(array, order):
    """An array with its dims named by `order` (of N, C, H, W) as height, width, three channels.

    Errors:  AssertionError for an order that does not fit.
    """
    if len(set(order)) != len(order):
        raise AssertionError(
            f"You can not use the same dimension shorthand twice.             input_format: {order}"
        )
    if array.ndim != len(order):
        raise AssertionError(
            "size of input tensor and input format are different.         tensor shape: "
            f"{array.shape}, input_format: {order}"
        )
    order = order.upper()
    if len(order) == 4:
        return _grid(array.transpose([order.find(dim) for dim in "NCHW"])).transpose(1, 2, 0)
    if len(order) == 3:
        array = array.transpose([order.find(dim) for dim in "HWC"])
        return np.repeat(array, 3, 2) if array.shape[2] == 1 else array
    if len(order) == 2:
        return np.stack([array.transpose([order.find(dim) for dim in "HW"])] * 3, 2)
    return None


def _grid(pictures):
    """Pictures of (N, C, H, W) beside and below one another, as (3, height, width)."""
    if pictures.shape[1] == 1:
        pictures = np.repeat(pictures, 3, 1)
    if pictures.shape[1] != 3:
        raise AssertionError("Input should be a 4D numpy array with 3 channels")
    count, _, height, width = pictures.shape
    columns = min(count, _COLUMNS)
    rows = -(-count // columns)
    canvas = np.zeros((rows * columns, 3, height, width), pictures.dtype)
    canvas[:count] = pictures
    canvas = canvas.reshape(rows, columns, 3, height, width).transpose(2, 0, 3, 1, 4)
    return canvas.reshape(3, rows * height, columns * width)


def encoded(array):
    """The bytes of a PNG file; needs Pillow, as in torch."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(array).save(file, format="PNG")
    return file.getvalue()


def picture_of_figure(figure, close):
    """What matplotlib draws, as (3, height, width) of bytes."""
    import matplotlib.pyplot as plt
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    width, height = figure.canvas.get_width_height()
    pixels = np.frombuffer(canvas.buffer_rgba(), np.uint8).reshape(height, width, 4)
    if close:
        plt.close(figure)
    return np.moveaxis(pixels[:, :, :3], 2, 0)
