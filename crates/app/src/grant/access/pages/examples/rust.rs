// cargo add open-feature open-feature-ofrep reqwest; cargo add tokio --features full
use open_feature::{EvaluationContext, OpenFeature};
use open_feature_ofrep::{OfrepOptions, OfrepProvider};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {}", std::env::var("TRACTION_TOKEN")?).parse()?);
    let options =
        OfrepOptions { base_url: "https://traction.example.org".into(), headers, ..Default::default() };
    OpenFeature::singleton_mut().await.set_provider(OfrepProvider::new(options).await?).await;
    let flags = OpenFeature::singleton().await.create_client();

    // Where the solution begins: `false` is what everybody gets when Traction cannot be reached.
    let jo = EvaluationContext::default().with_targeting_key("jo");
    let has = flags.get_bool_value("bedside-tests", Some(&jo), None).await.unwrap_or(false);
    println!("{}", if has { "on" } else { "off" });
    Ok(())
}
