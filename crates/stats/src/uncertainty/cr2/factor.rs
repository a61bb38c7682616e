//! The small-sample factor of plain clustered variances.

/// Why plain clustered variances are raised, and by how much.
///
/// `G / (G - 1) * (N - 1) / (N - K)` with `G` clusters, `N` observations and `K` parameters; effects of units do not
/// count as parameters, since each lies within one cluster.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmallSample {
    /// Clusters.
    pub n_clusters: usize,
    /// Observations.
    pub n_observations: usize,
    /// Period effects (the constant among them) and coefficients.
    pub n_parameters: usize,
}

impl SmallSample {
    /// The factor on variances; 1 where there is one cluster, or nothing to spare.
    pub fn factor(self) -> f64 {
        let (clusters, observations) = (self.n_clusters as f64, self.n_observations as f64);
        let spare = observations - self.n_parameters as f64;
        if self.n_clusters < 2 || spare < 1.0 {
            return 1.0;
        }
        clusters / (clusters - 1.0) * (observations - 1.0) / spare
    }
}
