package org.distill4j.distill;

import java.util.List;
import org.distill4j.fault.InputFault;
import org.distill4j.settings.DigestText;
import org.distill4j.softlabels.LabelKey;
import org.distill4j.softlabels.SoftLabels;
import org.distill4j.storage.Sha256;
import org.distill4j.views.Views;

/**
 * A teacher's signal: how a student hears its teacher. A label belongs to the view that the teacher
 * was asked about.
 */
public sealed interface TeacherSignal {
  /** The digest of all that the teacher will say. */
  String digest();

  /** The files of labels; none where the teacher is asked on the way. */
  List<SoftLabels> files();

  /**
   * Checks that the teacher speaks of what the student sees.
   *
   * @param student what messages call it
   * @throws InputFault if it speaks of something else
   */
  void check(String student, Views views);

  /**
   * Labels of the examples as they are.
   *
   * @param evenAugmented whether a student that sees varied examples may learn from them: its
   *     labels are then those of other inputs
   */
  record Cached(SoftLabels labels, boolean evenAugmented) implements TeacherSignal {
    @Override
    public String digest() {
      return labels.sha256();
    }

    @Override
    public List<SoftLabels> files() {
      return List.of(labels);
    }

    @Override
    public void check(String student, Views views) {
      requireView(student, labels, LabelKey.PLAIN);
      if (!views.isPlain() && (views.mixes() || !evenAugmented)) {
        throw new InputFault(
            "%s: augmented, on labels of the plain examples (expected: labels of its views, or a live teacher)"
                .formatted(student));
      }
    }
  }

  /**
   * Labels of each view, made ahead.
   *
   * @param labels one file for each view, in their order
   */
  record ViewLabels(List<SoftLabels> labels) implements TeacherSignal {
    /** Takes a copy. */
    public ViewLabels {
      labels = List.copyOf(labels);
    }

    @Override
    public String digest() {
      return Sha256.ofTexts(labels.stream().map(SoftLabels::sha256).toArray(String[]::new));
    }

    @Override
    public List<SoftLabels> files() {
      return labels;
    }

    @Override
    public void check(String student, Views views) {
      if (labels.isEmpty() || labels.size() != views.count()) {
        throw new InputFault(
            "%s: labels of %s views (expected: of %s, the views it sees)"
                .formatted(student, labels.size(), views.count()));
      }
      for (int view = 0; view < labels.size(); view++) {
        requireView(student, labels.get(view), views.name(view));
      }
    }
  }

  /**
   * A teacher that is asked in the step about the very input that the student sees; it works on the
   * next batches while the student learns from this one.
   */
  record Online(Teacher teacher) implements TeacherSignal {
    @Override
    public String digest() {
      return "live teacher %s taking %s on %s threads"
          .formatted(teacher.sha256(), DigestText.of(teacher.preprocessing()), teacher.threads());
    }

    @Override
    public List<SoftLabels> files() {
      return List.of();
    }

    @Override
    public void check(String student, Views views) {}
  }

  private static void requireView(String student, SoftLabels labels, String view) {
    if (!labels.key().view().equals(view)) {
      throw new InputFault(
          "%s: soft labels of %s (expected: %s); label again"
              .formatted(student, labels.key().view(), view));
    }
  }
}
