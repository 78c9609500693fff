"""`torch.linalg`: linear algebra under torch's names. The operations are declared in `_ops`."""

from jtorch._errors import LinAlgError as LinAlgError
from jtorch._ops.contraction import linalg_cross as cross
from jtorch._ops.contraction import linalg_vecdot as vecdot
from jtorch._ops.factor import linalg_cholesky as cholesky
from jtorch._ops.factor import linalg_cholesky_ex as cholesky_ex
from jtorch._ops.factor import linalg_householder_product as householder_product
from jtorch._ops.factor import linalg_qr as qr
from jtorch._ops.ldl import linalg_ldl_factor as ldl_factor
from jtorch._ops.ldl import linalg_ldl_factor_ex as ldl_factor_ex
from jtorch._ops.ldl import linalg_ldl_solve as ldl_solve
from jtorch._ops.least_squares import linalg_lstsq as lstsq
from jtorch._ops.linalg import linalg_det as det
from jtorch._ops.linalg import linalg_inv as inv
from jtorch._ops.linalg import linalg_inv_ex as inv_ex
from jtorch._ops.linalg import linalg_slogdet as slogdet
from jtorch._ops.lu_factors import linalg_lu as lu
from jtorch._ops.lu_factors import linalg_lu_factor as lu_factor
from jtorch._ops.lu_factors import linalg_lu_factor_ex as lu_factor_ex
from jtorch._ops.matmul import linalg_matmul as matmul
from jtorch._ops.matrix_functions import linalg_matrix_exp as matrix_exp
from jtorch._ops.matrix_functions import linalg_matrix_power as matrix_power
from jtorch._ops.matrix_functions import linalg_multi_dot as multi_dot
from jtorch._ops.matrix_functions import linalg_tensorinv as tensorinv
from jtorch._ops.matrix_functions import linalg_tensorsolve as tensorsolve
from jtorch._ops.matrix_norms import linalg_cond as cond
from jtorch._ops.matrix_norms import linalg_matrix_norm as matrix_norm
from jtorch._ops.matrix_norms import linalg_norm as norm
from jtorch._ops.norms import vector_norm as vector_norm
from jtorch._ops.solve import linalg_lu_solve as lu_solve
from jtorch._ops.solve import linalg_solve as solve
from jtorch._ops.solve import linalg_solve_ex as solve_ex
from jtorch._ops.solve import linalg_solve_triangular as solve_triangular
from jtorch._ops.spectrum import linalg_eig as eig
from jtorch._ops.spectrum import linalg_eigh as eigh
from jtorch._ops.spectrum import linalg_eigvals as eigvals
from jtorch._ops.spectrum import linalg_eigvalsh as eigvalsh
from jtorch._ops.spectrum import linalg_matrix_rank as matrix_rank
from jtorch._ops.spectrum import linalg_pinv as pinv
from jtorch._ops.spectrum import linalg_svd as svd
from jtorch._ops.spectrum import linalg_svdvals as svdvals
from jtorch._ops.triangle import linalg_diagonal as diagonal
from jtorch._ops.triangle import linalg_vander as vander

__all__ = [
    "LinAlgError",
    "cholesky",
    "cholesky_ex",
    "cond",
    "cross",
    "det",
    "diagonal",
    "eig",
    "eigh",
    "eigvals",
    "eigvalsh",
    "householder_product",
    "inv",
    "inv_ex",
    "ldl_factor",
    "ldl_factor_ex",
    "ldl_solve",
    "lstsq",
    "lu",
    "lu_factor",
    "lu_factor_ex",
    "lu_solve",
    "matmul",
    "matrix_exp",
    "matrix_norm",
    "matrix_power",
    "matrix_rank",
    "multi_dot",
    "norm",
    "pinv",
    "qr",
    "slogdet",
    "solve",
    "solve_ex",
    "solve_triangular",
    "svd",
    "svdvals",
    "tensorinv",
    "tensorsolve",
    "vander",
    "vecdot",
    "vector_norm",
]
