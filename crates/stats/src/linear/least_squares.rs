//! Small symmetric problems: inverses, and roots of inverses.

use faer::{Mat, Side};

/// Below this share of the largest, a root of a matrix of correlations is 0.
const NOTHING: f64 = 1e-11;

/// The inverse of a symmetric matrix of products; `None` where some rows are combinations of others.
pub(crate) fn inverse(products: &Mat<f64>) -> Option<Mat<f64>> {
    let root = root_of_inverse(products)?;
    (root.ncols() == products.nrows()).then(|| &root * root.transpose())
}

/// `L` with `L L'` a generalised inverse of a symmetric matrix of products: rows x rank.
///
/// `L' products L` is the unit matrix. `None` only where the numbers are not finite.
pub(crate) fn root_of_inverse(products: &Mat<f64>) -> Option<Mat<f64>> {
    let n = products.nrows();
    if n == 0 {
        return Some(Mat::zeros(0, 0));
    }
    // On a common scale, so that units of measurement do not decide what counts as nothing.
    let scale: Vec<f64> =
        (0..n).map(|i| if products[(i, i)] > 0.0 { products[(i, i)].sqrt().recip() } else { 0.0 }).collect();
    let scaled = Mat::from_fn(n, n, |i, j| scale[i] * products[(i, j)] * scale[j]);
    let eigen = scaled.self_adjoint_eigen(Side::Lower).ok()?;
    let roots: Vec<f64> = (0..n).map(|k| eigen.S().column_vector()[k]).collect();
    let most = roots.iter().fold(0.0_f64, |most, root| most.max(*root));
    let kept: Vec<usize> = (0..n).filter(|&k| roots[k] > NOTHING * most).collect();
    Some(Mat::from_fn(n, kept.len(), |i, k| scale[i] * eigen.U()[(i, kept[k])] / roots[kept[k]].sqrt()))
}
