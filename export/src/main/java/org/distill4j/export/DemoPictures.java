package org.distill4j.export;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.distill4j.data.Dataset;
import org.distill4j.graph.TaskType;
import org.distill4j.images.Pixels;
import org.distill4j.tensor.Shape;
import org.distill4j.tfjs.DemoPage;

/** The examples that a demo page offers: the first of each class, if the data are images. */
final class DemoPictures {
  private static final int MOST = 12;
  private static final int LOOKED_AT = 2000;
  private static final float BYTE = 255;

  private DemoPictures() {}

  static List<DemoPage.Picture> of(Dataset data) {
    Shape shape = data.shape();
    boolean isImage = shape.rank() == 3 && (shape.size(0) == 1 || shape.size(0) == 3);
    boolean hasClasses = isImage && data.task() == TaskType.SINGLE_LABEL;
    List<DemoPage.Picture> pictures = new ArrayList<>();
    Set<Integer> shown = new HashSet<>();
    long most = hasClasses ? Math.min(data.size(), LOOKED_AT) : 0;
    for (long i = 0; i < most && pictures.size() < MOST; i++) {
      int label = data.label(i);
      if (shown.add(label)) {
        pictures.add(new DemoPage.Picture(data.classes().get(label), pixels(data, i)));
      }
    }
    return pictures;
  }

  /** Raw values as bytes: those of data with fewer levels are brought to 0..255. */
  private static Pixels pixels(Dataset data, long index) {
    Shape shape = data.shape();
    float[] raw = new float[(int) shape.elements()];
    data.read(index, FloatBuffer.wrap(raw));
    float level = BYTE / (float) data.preprocessing().white();
    byte[] bytes = new byte[raw.length];
    for (int i = 0; i < raw.length; i++) {
      bytes[i] = (byte) Math.round(Math.max(0, Math.min(BYTE, raw[i] * level)));
    }
    return new Pixels((int) shape.size(0), (int) shape.size(1), (int) shape.size(2), bytes);
  }
}
