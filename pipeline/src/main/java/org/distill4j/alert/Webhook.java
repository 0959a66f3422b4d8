package org.distill4j.alert;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.distill4j.fault.RunFault;
import org.distill4j.settings.Default;
import org.distill4j.settings.Describe;
import org.distill4j.settings.Shorthand;

/**
 * An alert by a webhook: an address that takes the news as a POST of JSON. Answers of 200 to 299
 * are success. Where nobody answers, or with 408, 429 or 500 and above, it is tried again, after
 * one second, then two, four and so on; any other answer is final. Redirections are not followed.
 *
 * @param url {@code http} or {@code https}
 * @param env the environment variable that holds the address, if it is a secret: recipes and
 *     reports are kept
 * @param timeout how many seconds one try may take, 1 to 600
 * @param tries how often it is tried, 1 to 10
 */
@Shorthand(alone = false)
@Describe("an address that takes the news as a POST of JSON")
public record Webhook(
    @Describe("http or https") Optional<String> url,
    @Describe("the environment variable that holds the address, instead of url")
        Optional<String> env,
    @Default("10") @Describe("seconds that one try may take, 1..600") int timeout,
    @Default("3") @Describe("how often it is tried, 1..10") int tries)
    implements Alert {
  private static final int TIMED_OUT = 408;
  private static final int TOO_MANY = 429;
  private static final int SERVER_FAULT = 500;
  private static final int LAST_PORT = 65_535;

  /** Checks the address and the bounds. */
  public Webhook {
    if (url.isPresent() == env.isPresent()) {
      throw new IllegalArgumentException(
          "url, env: %s given (expected: one of them)"
              .formatted(url.isPresent() ? "both" : "neither"));
    }
    url.ifPresent(text -> address("url", text));
    if (env.isPresent() && !env.get().matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new IllegalArgumentException(
          "env: '" + env.get() + "' (expected: the name of an environment variable)");
    }
    if (timeout < 1 || timeout > 600) {
      throw new IllegalArgumentException("timeout: " + timeout + " (expected: 1 to 600 seconds)");
    }
    if (tries < 1 || tries > 10) {
      throw new IllegalArgumentException("tries: " + tries + " (expected: 1 to 10)");
    }
  }

  private static URI address(String name, String text) {
    try {
      URI uri = new URI(text);
      boolean isWeb = String.valueOf(uri.getScheme()).matches("(?i)https?");
      if (isWeb && uri.getHost() != null && uri.getPort() <= LAST_PORT) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // said below, without the parser's words
    }
    throw new IllegalArgumentException(
        name + ": '" + text + "' (expected: an address such as https://host/path)");
  }

  @Override
  public String send(String json, Path folder) {
    return send(json, Duration.ofSeconds(1));
  }

  /** With another pause before the second try; it doubles. */
  String send(String json, Duration pause) {
    URI uri = here();
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(timeout))
            .build();
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(timeout))
            .header("Content-Type", "application/json; charset=utf-8")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    String last = "";
    Duration wait = pause;
    try {
      for (int attempt = 1; attempt <= tries; attempt++) {
        if (attempt > 1) {
          Thread.sleep(wait.toMillis());
          wait = wait.multipliedBy(2);
        }
        try {
          int status = answer(client, request);
          if (status >= 200 && status < 300) {
            return "alert sent to " + uri.getHost();
          }
          last = "it answers " + status;
          if (status != TIMED_OUT && status != TOO_MANY && status < SERVER_FAULT) {
            throw unsent(uri, last, attempt);
          }
        } catch (IOException e) {
          last = e.getMessage() == null ? "nobody answers" : e.getMessage();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unsent(uri, "interrupted", tries);
    }
    throw unsent(uri, last, tries);
  }

  /** The status; what follows it may take no longer than the whole try. */
  private int answer(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
    try {
      return answer.get(timeout, TimeUnit.SECONDS).statusCode();
    } catch (TimeoutException e) {
      throw new IOException("no whole answer in " + timeout + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private URI here() {
    if (url.isPresent()) {
      return address("url", url.get());
    }
    String said = System.getenv(env.get());
    if (said == null || said.isBlank()) {
      throw new RunFault(
          "alert not sent: environment variable %s: not set (expected: an address)"
              .formatted(env.get()));
    }
    try {
      return address(env.get(), said.strip());
    } catch (IllegalArgumentException e) {
      throw new RunFault(
          "alert not sent: environment variable %s: no address (expected: such as https://host/path)"
              .formatted(env.get()),
          e);
    }
  }

  /** The path is left out, for it may be what keeps strangers away. */
  private static RunFault unsent(URI uri, String why, int tries) {
    return new RunFault(
        "alert not sent: %s://%s: %s (tried %s)"
            .formatted(
                uri.getScheme(), uri.getHost(), why, tries == 1 ? "once" : tries + " times"));
  }
}
