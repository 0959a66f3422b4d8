package org.distill4j.tfjs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.distill4j.eval.ScoreKind;
import org.distill4j.fault.InputFault;
import org.distill4j.format.Bits;
import org.distill4j.graph.Metadata;
import org.distill4j.graph.Preprocessing;
import org.distill4j.graph.TaskType;
import org.distill4j.images.Pixels;
import org.distill4j.images.ResizeMode;
import org.distill4j.lowered.Layout;
import org.distill4j.lowered.LoweredGraph;
import org.distill4j.lowered.LoweredValue;
import org.distill4j.storage.AtomicFile;
import org.distill4j.tensor.Shape;

/**
 * The demo page of a TF.js export: one page that needs nothing else, on which one draws or drops an
 * image and sees what each model says of it, and how long that took.
 */
public final class DemoPage {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DemoPage() {}

  /**
   * A model with the name that the page shows.
   *
   * @param scores what its only output holds
   * @param task what these are about: one class, several, or numbers
   */
  public record Shown(String name, LoweredGraph lowered, ScoreKind scores, TaskType task) {}

  /**
   * An example to click.
   *
   * @param label what it is; empty if nobody knows
   * @param pixels as a file of an image would give them
   */
  public record Picture(String label, Pixels pixels) {}

  /**
   * Writes the page. Each model gets the pixels as it was taught them and answers by its own
   * classes.
   *
   * @throws InputFault if a model takes no images, or does not say what it does to pixels
   */
  public static void write(List<Shown> models, List<Picture> pictures, Bits bits, Path page) {
    ObjectNode demo = JSON.createObjectNode();
    ArrayNode all = demo.putArray("models");
    for (Shown shown : models) {
      add(all, shown, bits);
    }
    ArrayNode examples = demo.putArray("examples");
    for (Picture picture : pictures) {
      ObjectNode one = examples.addObject();
      one.put("label", picture.label());
      one.put("png", Base64.getEncoder().encodeToString(picture.pixels().png()));
    }
    String html =
        template()
            .replace("@TITLE@", escaped(models.get(0).lowered().graph().name()))
            .replace("@DEMO@", inScript(demo.toString()))
            .replace("@TFJS@", inScript(script()));
    AtomicFile.write(page, "demo", html);
  }

  private static Preprocessing preprocessing(Shown shown) {
    return Metadata.preprocessing(shown.lowered().graph())
        .orElseThrow(
            () ->
                new InputFault(
                    "model '"
                        + shown.name()
                        + "': has no preprocessing (expected: distill4j.preprocessing in its"
                        + " metadata, for pixels); write it in with annotate, or leave out --demo"));
  }

  private static void add(ArrayNode all, Shown shown, Bits bits) {
    LoweredGraph lowered = shown.lowered();
    Preprocessing taught = preprocessing(shown);
    LoweredValue input = lowered.wire(lowered.inputs().get(0).wire());
    Shape shape = input.ofOne();
    boolean map =
        lowered.inputs().get(0).layout() == Layout.CHANNELS_LAST
            && (shape.size(3) == 1 || shape.size(3) == 3);
    if (!map) {
      throw new InputFault(
          "model '"
              + shown.name()
              + "': takes "
              + lowered.inputs().get(0).value().shape()
              + " (expected: images with 1 or 3 channels); leave out --demo");
    }
    TfjsModel model = TfjsModel.of(lowered, bits);
    ObjectNode one = all.addObject();
    one.put("name", shown.name());
    one.put("weights", Base64.getEncoder().encodeToString(model.weightBytes()));
    ArrayNode sizes = one.putArray("shape");
    for (long size : shape.sizes()) {
      sizes.add(size);
    }
    one.set("artifacts", model.artifactsNode());
    ArrayNode classes = one.putArray("classes");
    Metadata.classes(lowered.graph()).orElse(List.of()).forEach(classes::add);
    one.put("scores", shown.scores().spelling());
    one.put("task", shown.task().spelling());
    one.put("crop", Metadata.fit(lowered.graph()).orElse(ResizeMode.STRETCH) == ResizeMode.CROP);
    addPreprocessing(one, taught);
  }

  private static void addPreprocessing(ObjectNode one, Preprocessing preprocessing) {
    one.put("level", preprocessing.white() / 255); // of a byte, in the data's own numbers
    ArrayNode factors = one.putArray("factors");
    ArrayNode offsets = one.putArray("offsets");
    ArrayNode order = one.putArray("order"); // empty: as they come
    preprocessing.order().ifPresent(o -> o.forEach(order::add));
    for (int c = 0; c < preprocessing.mean().size(); c++) {
      factors.add(preprocessing.factor(c));
      offsets.add(preprocessing.offset(c));
    }
  }

  private static String template() {
    try (InputStream in = DemoPage.class.getResourceAsStream("demo.html")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError("demo.html is part of this library", e);
    }
  }

  private static String script() {
    try {
      return Files.readString(TfjsScript.require());
    } catch (IOException e) {
      throw new InputFault(TfjsScript.require() + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Nothing in a script may end it. */
  private static String inScript(String text) {
    return text.replace("</", "<\\/").replace("<!--", "<\\!--");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
