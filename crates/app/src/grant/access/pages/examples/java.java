// Maven: dev.openfeature:sdk and dev.openfeature.contrib.providers:ofrep
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.openfeature.contrib.providers.ofrep.OfrepProvider;
import dev.openfeature.contrib.providers.ofrep.OfrepProviderOptions;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;

public class Ask {
    public static void main(String[] arguments) {
        String bearer = "Bearer " + System.getenv("TRACTION_TOKEN");
        OfrepProviderOptions options = OfrepProviderOptions.builder()
            .baseUrl("https://traction.example.org")
            .headers(ImmutableMap.of("Authorization", ImmutableList.of(bearer)))
            .build();
        OpenFeatureAPI.getInstance().setProviderAndWait(OfrepProvider.constructProvider(options));
        var flags = OpenFeatureAPI.getInstance().getClient();

        // Where the solution begins: false is what everybody gets when Traction cannot be reached.
        boolean has = flags.getBooleanValue("bedside-tests", false, new ImmutableContext("jo"));
        System.out.println(has ? "on" : "off");
    }
}
