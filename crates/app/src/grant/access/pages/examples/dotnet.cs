// dotnet add package OpenFeature; dotnet add package OpenFeature.Providers.Ofrep
using OpenFeature;
using OpenFeature.Model;
using OpenFeature.Providers.Ofrep;
using OpenFeature.Providers.Ofrep.Configuration;

var options = new OfrepOptions("https://traction.example.org")
{
    Headers = new Dictionary<string, string>
    {
        ["Authorization"] = $"Bearer {Environment.GetEnvironmentVariable("TRACTION_TOKEN")}",
    },
};
await Api.Instance.SetProviderAsync(new OfrepProvider(options));
var flags = Api.Instance.GetClient();

// Where the solution begins: false is what everybody gets when Traction cannot be reached.
var jo = EvaluationContext.Builder().SetTargetingKey("jo").Build();
var has = await flags.GetBooleanValueAsync("bedside-tests", false, jo);
Console.WriteLine(has ? "on" : "off");
