// No package at all: java Ask.java
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

public class Ask {
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** Whether somebody has the solution; no, where Traction cannot be asked. The name must need no escaping in JSON. */
    static boolean has(String flag, String person) {
        try {
            var request = HttpRequest.newBuilder(
                    URI.create("https://traction.example.org/ofrep/v1/evaluate/flags/" + flag))
                .header("Authorization", "Bearer " + System.getenv("TRACTION_TOKEN"))
                .header("Content-Type", "application/json")
                .timeout(Duration.ofSeconds(1))
                .POST(BodyPublishers.ofString("{\"context\":{\"targetingKey\":\"" + person + "\"}}"))
                .build();
            var answer = CLIENT.send(request, BodyHandlers.ofString());
            return answer.statusCode() == 200 && answer.body().contains("\"value\":true");
        } catch (Exception unreachable) {
            return false;
        }
    }

    public static void main(String[] arguments) {
        System.out.println(has("bedside-tests", "jo") ? "on" : "off");
    }
}
