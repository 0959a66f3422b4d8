package org.distill4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.FloatBuffer;
import java.util.List;
import org.distill4j.fault.InputFault;
import org.distill4j.tensor.Shape;
import org.junit.jupiter.api.Test;

/** A user's own data set, as a split holds it. */
class CheckedDatasetTest {
  /** Three examples of two values; the last breaks the contract twice. */
  private static final class Own implements Dataset {
    private int readings;

    @Override
    public String name() {
      return "own";
    }

    @Override
    public Shape shape() {
      return Shape.of(2);
    }

    @Override
    public List<String> classes() {
      return List.of("no", "yes");
    }

    @Override
    public long size() {
      return 3;
    }

    @Override
    public void read(long index, FloatBuffer target) {
      target.put((float) index);
      if (index < 2) {
        target.put((float) -index);
      }
    }

    @Override
    public int label(long index) {
      return (int) index;
    }

    @Override
    public String sha256() {
      readings++;
      return "0".repeat(64);
    }
  }

  @Test
  void read_rightExample_isAsTheDataGiveIt() {
    Dataset data = new TrainSet(new Own()).data();
    FloatBuffer target = FloatBuffer.allocate(4).position(1);
    data.read(1, target);
    assertThat(target.array()).containsExactly(0, 1, -1, 0);
    assertThat(data.label(1)).isEqualTo(1);
  }

  @Test
  void label_thatIsNoClass_isRefused() {
    assertThatThrownBy(() -> new ValidationSet(new Own()).data().label(2))
        .isInstanceOf(InputFault.class)
        .hasMessage("data 'own' example 2: label 2 (expected: 0 to 1)");
  }

  @Test
  void read_tooFewValues_isRefused() {
    assertThatThrownBy(() -> new TestSet(new Own()).data().read(2, FloatBuffer.allocate(4)))
        .isInstanceOf(InputFault.class)
        .hasMessage("data 'own' example 2: 1 values (expected: 2, for [2])");
  }

  @Test
  void sha256_askedAgain_readsTheDataOnce() {
    Own own = new Own();
    Splits splits = Splits.of(own, new Own(), new Own());
    assertThat(splits.train().data().sha256()).isEqualTo(splits.train().data().sha256());
    assertThat(new TrainSet(splits.train().data()).data().sha256()).hasSize(64);
    assertThat(own.readings).isEqualTo(1);
  }
}
