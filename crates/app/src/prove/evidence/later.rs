//! Options of methods that are not there yet: known by name, refused with what serves instead, never passed over.

use clap::Args;

/// What the contract names and no method here answers yet.
#[derive(Debug, Default, Args)]
pub struct LaterOptions {
    #[arg(long, hide = true)]
    treated: Option<String>,
    #[arg(long, hide = true)]
    assignment: Option<String>,
    #[arg(long, hide = true)]
    second: bool,
    #[arg(long, hide = true)]
    efficient_beta: Option<String>,
    #[arg(long, hide = true)]
    adjust: Option<String>,
    #[arg(long, hide = true)]
    covariate: Vec<String>,
    #[arg(long, hide = true)]
    weight: Option<String>,
    #[arg(long, hide = true)]
    cluster: Option<String>,
    #[arg(long, hide = true)]
    repeated_cross_sections: bool,
    #[arg(long, hide = true)]
    inference: Option<String>,
    #[arg(long, hide = true)]
    draws: Option<String>,
    #[arg(long, hide = true)]
    seed: Option<String>,
    #[arg(long, hide = true)]
    band: Option<String>,
    #[arg(long, hide = true)]
    draw: Vec<String>,
    #[arg(long, hide = true)]
    sensitivity: bool,
}

impl LaterOptions {
    /// The first option that asks for what is not there yet: its sentence. What asks for what is done anyway
    /// (`--assignment chosen`, `--inference analytic`, `--band pointwise`) is no such option.
    pub fn refusal(&self) -> Option<String> {
        let unless =
            |option: &Option<String>, done: &str| option.as_deref().is_some_and(|asked| asked != done);
        let asked = [
            (
                self.treated.is_some(),
                "treated",
                "give each unit's first period with the solution in a column named by --start",
            ),
            (
                unless(&self.assignment, "chosen"),
                "assignment",
                "leave it out; starts then count as chosen, not drawn",
            ),
            (self.second, "second", "leave it out for the one method that is there"),
            (self.efficient_beta.is_some(), "efficient-beta", "leave it out; group-time has no such choice"),
            (self.adjust.is_some(), "adjust", "leave it out; without covariates there is nothing to adjust"),
            (!self.covariate.is_empty(), "covariate", "leave it out for the comparison without covariates"),
            (self.weight.is_some(), "weight", "leave it out; every unit counts alike"),
            (self.cluster.is_some(), "cluster", "leave it out, or give one row per cluster and period"),
            (self.repeated_cross_sections, "repeated-cross-sections", "use --unbalanced keep or drop"),
            (unless(&self.inference, "analytic"), "inference", "leave it out for analytic errors"),
            (self.draws.is_some(), "draws", "leave it out; analytic errors need no draws"),
            (self.seed.is_some(), "seed", "leave it out; nothing is drawn by chance"),
            (unless(&self.band, "pointwise"), "band", "leave it out for pointwise intervals"),
            (!self.draw.is_empty(), "draw", "leave it out; starts then count as chosen, not drawn"),
            (
                self.sensitivity,
                "sensitivity",
                "leave it out, and read the check of what was before the start",
            ),
        ];
        let (_, option, instead) = asked.into_iter().find(|(asked, _, _)| *asked)?;
        Some(format!("`--{option}` asks for what `traction prove` cannot do yet; {instead}"))
    }
}
