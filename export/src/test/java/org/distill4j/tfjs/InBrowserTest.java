package org.distill4j.tfjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.distill4j.Browser;
import org.distill4j.Seeds;
import org.distill4j.data.Dataset;
import org.distill4j.data.source.DataCatalog;
import org.distill4j.eval.ScoreKind;
import org.distill4j.export.GoldenOutputs;
import org.distill4j.format.Bits;
import org.distill4j.graph.Graph;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.images.Pixels;
import org.distill4j.images.ResizeMode;
import org.distill4j.lowered.Lowering;
import org.distill4j.onnx.OnnxWriter;
import org.distill4j.storage.UserCache;
import org.distill4j.tensor.Shape;
import org.distill4j.zoo.Cnn;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TF.js and ONNX Runtime Web in headless Chromium say what ONNX Runtime says, on 200 images. */
class InBrowserTest {
  private static final int IMAGES = 200;
  private static final String ORT = "onnxruntime-web@1.22.0";

  @TempDir private static Path folder;
  private static Graph net;
  private static GoldenOutputs golden;
  private static Browser browser;

  @BeforeAll
  static void open() throws IOException {
    Optional<Path> chromium = Browser.find();
    skipUnless(chromium.isPresent(), "no Chromium on the path");
    Dataset images = DataCatalog.here().open("fashion-mini").test().data();
    net =
        Metadata.withPreprocessing(
            Metadata.withClasses(
                new Cnn(List.of("8", "pool", "16", "pool"), List.of(64), 0, true)
                    .build(Shape.of(1, 28, 28), 10, Seeds.of(3)),
                images.classes()),
            Preprocessing.scale(1 / 255.0));
    golden = GoldenOutputs.of(net, images, IMAGES);
    browser = new Browser(chromium.get(), folder.resolve("profile"));
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  private static void skipUnless(boolean holds, String reason) {
    if (!holds) {
      System.out.println("skipped: " + reason);
    }
    assumeTrue(holds, reason);
  }

  /** One channel: the order of the values is the same channels first or last. */
  private static String image(int i) {
    float[] values = golden.inputs().get(i).get("input").toFloats();
    return Arrays.toString(values);
  }

  private static String images() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < IMAGES; i++) {
      all.add(image(i));
    }
    return all.stream().collect(Collectors.joining(",", "[", "]"));
  }

  private static void assertSame(JsonNode answers, double apart) {
    assertThat(answers.size()).isEqualTo(IMAGES);
    for (int i = 0; i < IMAGES; i++) {
      float[] expected = golden.outputs().get(i).get("logits").toFloats();
      int best = 0;
      int found = 0;
      for (int k = 0; k < expected.length; k++) {
        double score = answers.get(i).get(k).asDouble();
        assertThat(Math.abs(score - expected[k])).as("image %s", i).isLessThan(apart);
        best = expected[k] > expected[best] ? k : best;
        found = score > answers.get(i).get(found).asDouble() ? k : found;
      }
      assertThat(found).as("image %s", i).isEqualTo(best);
    }
  }

  private static DemoPage.Shown shown(String name, Graph model) {
    return new DemoPage.Shown(name, Lowering.of(model), ScoreKind.LOGITS, TaskType.SINGLE_LABEL);
  }

  @Test
  void demoPage_openedAsAFile_answersAsOnnxRuntimeWithoutARequest() {
    skipUnless(TfjsScript.find().isPresent(), "TF.js is not in the cache and npm cannot fetch it");
    Path page = folder.resolve("demo.html");
    List<DemoPage.Shown> both = List.of(shown("student", net), shown("student again", net));
    DemoPage.write(both, List.of(), Bits.ALL, page);
    browser.requests.clear();
    browser.complaints.clear();

    browser.open(page.toUri());
    JsonNode answers =
        browser.evaluate(
            "(async () => { const [m] = await distill4j.models; const all = [];"
                + " for (const x of "
                + images()
                + ") all.push(await distill4j.run(m, x)); return all; })()");

    assertSame(answers, 1e-4);
    assertThat(browser.requests).allMatch(r -> r.startsWith("file:") || r.startsWith("data:"));
    browser.evaluate("answer()");
    assertThat(browser.evaluate("document.querySelectorAll('#answers section').length").asInt())
        .isEqualTo(2);
    assertThat(browser.evaluate("document.querySelector('#answers .time').textContent").asText())
        .contains("ms");
  }

  /** A small net on colours, taught to crop and in the order blue, green, red. */
  private static Graph onColours() {
    Graph built =
        new Cnn(List.of("4", "pool"), List.of(), 0, true)
            .build(Shape.of(3, 12, 16), 3, Seeds.of(4));
    Graph named = Metadata.withClasses(built, List.of("a", "b", "c"));
    Preprocessing own =
        new Preprocessing(
            1 / 255.0,
            List.of(0.4, 0.5, 0.6),
            List.of(0.2, 0.25, 0.3),
            Optional.of(List.of(2, 1, 0)));
    return Metadata.withFit(Metadata.withPreprocessing(named, own), ResizeMode.CROP);
  }

  /** What a model is given for an image, channels last. */
  private static float[] given(Graph model, Pixels image, ResizeMode fit) {
    Shape shape = model.onlyInput().shape().dropFirst();
    int channels = (int) shape.size(0);
    Preprocessing taught = Metadata.preprocessing(model).orElseThrow();
    Pixels sized = image.channels(channels).size((int) shape.size(1), (int) shape.size(2), fit);
    int plane = sized.height() * sized.width();
    float[] values = new float[channels * plane];
    for (int i = 0; i < values.length; i++) {
      int channel = i % channels;
      int from = taught.order().map(o -> o.get(channel)).orElse(channel);
      float raw = sized.values()[from * plane + i / channels] & 0xff;
      values[i] = raw * taught.factor(channel) + taught.offset(channel);
    }
    return values;
  }

  @Test
  void demoPage_twoModelsTaughtDifferently_eachSeesTheImageAsItWasTaught() throws Exception {
    skipUnless(TfjsScript.find().isPresent(), "TF.js is not in the cache and npm cannot fetch it");
    Graph colours = onColours();
    Random random = new Random(Seeds.of(5));
    byte[] noise = new byte[3 * 41 * 67];
    random.nextBytes(noise);
    Pixels image = new Pixels(3, 41, 67, noise);
    Path page = folder.resolve("two.html");
    DemoPage.write(
        List.of(shown("grey", net), shown("colours", colours)),
        List.of(new DemoPage.Picture("noise", image)),
        Bits.ALL,
        page);
    browser.open(page.toUri());
    JsonNode seen =
        browser.evaluate(
            "(async () => { const all = await distill4j.models; await distill4j.show("
                + "document.querySelector('#examples img').src, 'x');"
                + " return all.map(m => Array.from(distill4j.pixels(m, distill4j.looked()))); })()");
    assertNear(seen.get(0), given(net, image, ResizeMode.STRETCH));
    assertNear(seen.get(1), given(colours, image, ResizeMode.CROP));
    assertThat(browser.evaluate("document.querySelector('#answers').textContent").asText())
        .contains("grey")
        .contains("colours");
  }

  /** A value may be rounded to the next of 256 levels, where it lies between two. */
  private static void assertNear(JsonNode seen, float[] right) {
    assertThat(seen.size()).isEqualTo(right.length);
    int apart = 0;
    for (int i = 0; i < right.length; i++) {
      double distance = Math.abs(seen.get(i).asDouble() - right[i]);
      assertThat(distance).as("value %s", i).isLessThan(0.021);
      apart += distance > 1e-5 ? 1 : 0;
    }
    assertThat(apart).isLessThanOrEqualTo(right.length / 50);
  }

  @Test
  void demoPage_penOnAPadOfAnySize_drawsWhereItIs() throws Exception {
    skipUnless(TfjsScript.find().isPresent(), "TF.js is not in the cache and npm cannot fetch it");
    Path page = folder.resolve("pen.html");
    DemoPage.write(List.of(shown("m", net)), List.of(), Bits.ALL, page);
    browser.open(page.toUri());
    JsonNode lit =
        browser.evaluate(
            "(async () => { await distill4j.models; pad.setPointerCapture = () => {};"
                + " const out = []; for (const width of [340, 123, 600]) {"
                + " pad.style.width = width + 'px'; clear(); const box = pad.getBoundingClientRect();"
                + " const event = (kind, x, y) => pad.dispatchEvent(new PointerEvent(kind,"
                + " {clientX: box.left + x * box.width, clientY: box.top + y * box.height}));"
                + " event('pointerdown', 0.25, 0.75); event('pointermove', 0.5, 0.75);"
                + " event('pointerup', 0.5, 0.75); const on = (x, y) =>"
                + " pen.getImageData(280 * x, 280 * y, 1, 1).data[0];"
                + " out.push([box.width / box.height, on(0.25, 0.75), on(0.375, 0.75),"
                + " on(0.5, 0.75), on(0.375, 0.65), on(0.6, 0.75)]); } return out; })()");
    for (JsonNode size : lit) {
      assertThat(size.get(0).asDouble()).isBetween(0.99, 1.01);
      for (int i = 1; i <= 3; i++) {
        assertThat(size.get(i).asInt()).isEqualTo(255);
      }
      assertThat(size.get(4).asInt() + size.get(5).asInt()).isZero();
    }
  }

  @Test
  void demoPage_ofWeightsIn16Bits_answersTheSame() {
    skipUnless(TfjsScript.find().isPresent(), "TF.js is not in the cache and npm cannot fetch it");
    Path page = folder.resolve("small.html");
    DemoPage.write(List.of(shown("m", net)), List.of(), Bits.SIXTEEN, page);

    browser.open(page.toUri());
    JsonNode answers =
        browser.evaluate(
            "(async () => { const [m] = await distill4j.models; const all = [];"
                + " for (const x of "
                + images()
                + ") all.push(await distill4j.run(m, x)); return all; })()");

    assertSame(answers, 1e-2);
  }

  @Test
  void onnxFile_inOnnxRuntimeWeb_answersAsOnnxRuntime() throws Exception {
    Optional<Path> web = onnxRuntimeWeb();
    skipUnless(web.isPresent(), "npm cannot fetch " + ORT);
    OnnxWriter.write(net, folder.resolve("model.onnx"));
    Files.writeString(
        folder.resolve("index.html"), "<!doctype html><script src='ort.wasm.min.js'></script>");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String name = exchange.getRequestURI().getPath().substring(1);
          Path own = folder.resolve(name);
          Path file = Files.isRegularFile(own) ? own : web.get().resolve(name);
          boolean found = Files.isRegularFile(file);
          String type =
              name.endsWith("js")
                  ? "text/javascript"
                  : name.endsWith("wasm") ? "application/wasm" : "text/html";
          exchange.getResponseHeaders().add("Content-Type", type);
          byte[] bytes = found ? Files.readAllBytes(file) : new byte[0];
          exchange.sendResponseHeaders(found ? 200 : 404, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    try {
      browser.open(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/index.html"));
      JsonNode answers =
          browser.evaluate(
              "(async () => { ort.env.wasm.numThreads = 1;"
                  + " const s = await ort.InferenceSession.create('model.onnx'); const all = [];"
                  + " for (const x of "
                  + images()
                  + ") { const y = await s.run({input: new ort.Tensor('float32',"
                  + " Float32Array.from(x), [1, 1, 28, 28])});"
                  + " all.push(Array.from(y.logits.data)); } return all; })()");
      assertSame(answers, 1e-4);
    } finally {
      server.stop(0);
    }
  }

  /** The folder of its scripts, fetched by npm once. */
  private static Optional<Path> onnxRuntimeWeb() throws Exception {
    Path kept = UserCache.folder().resolve("onnxruntime-web-1.22.0");
    Path scripts = kept.resolve("package/dist");
    if (Files.exists(scripts.resolve("ort.wasm.min.js"))) {
      return Optional.of(scripts);
    }
    Files.createDirectories(kept);
    for (String command :
        List.of("npm pack --silent " + ORT, "tar xzf onnxruntime-web-1.22.0.tgz")) {
      try {
        Process process =
            new ProcessBuilder(command.split(" ", -1))
                .directory(kept.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(3, TimeUnit.MINUTES) || process.exitValue() != 0) {
          return Optional.empty();
        }
      } catch (IOException e) {
        return Optional.empty();
      }
    }
    Files.deleteIfExists(kept.resolve("onnxruntime-web-1.22.0.tgz"));
    return Optional.of(scripts).filter(s -> Files.exists(s.resolve("ort.wasm.min.js")));
  }
}
