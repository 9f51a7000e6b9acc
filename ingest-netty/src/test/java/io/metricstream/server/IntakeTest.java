package io.metricstream.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.metricstream.http.Readiness;
import io.metricstream.storage.wal.Durability;
import org.junit.jupiter.api.Test;

/** What is said before the log is read; the rest needs a disk writer, see LiveHttpTest and ShutdownIT. */
final class IntakeTest {
    private final Intake intake = new Intake(Durability.OS);

    @Test
    void showsHowFarTheLogIsRead() {
        assertThat(intake.readiness().recoveryBytes()).isZero();
        intake.onRecovery(3, 10);
        Readiness readiness = intake.readiness();
        assertThat(readiness.recoveredBytes()).isEqualTo(3);
        assertThat(readiness.recoveryBytes()).isEqualTo(10);
        assertThat(readiness.state()).isEqualTo("recovering");
        assertThat(readiness.durability()).isEqualTo("os");
        assertThat(readiness.refusal().code()).isEqualTo("recovering");
    }

    @Test
    void refusesWritesUntilItIsOpen() {
        assertThat(intake.check().code()).isEqualTo("recovering");
        assertThat(intake.check().retryAfterSeconds()).isEqualTo(2);
    }

    @Test
    void saysThatItDrainsRatherThanThatItRecovers() {
        intake.drain();
        assertThat(intake.draining()).isTrue();
        assertThat(intake.readiness().state()).isEqualTo("draining");
        assertThat(intake.check().code()).as("of a write").isEqualTo("recovering");
        intake.end();
        assertThat(intake.check().code()).as("of a write").isEqualTo("draining");
    }
}
