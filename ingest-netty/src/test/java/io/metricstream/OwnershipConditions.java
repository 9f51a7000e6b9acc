package io.metricstream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.metricstream.own.Borrowed;
import io.metricstream.own.OwnedBy;
import io.metricstream.own.ThreadSafe;
import io.metricstream.own.Transferred;
import java.util.Optional;
import java.util.Set;

/** What the annotations of {@code own} promise, as far as class files show it. */
final class OwnershipConditions {
    private static final Set<String> BUFFERS =
            Set.of("java.nio.ByteBuffer", "java.nio.MappedByteBuffer", "io.netty.buffer.ByteBuf");

    private OwnershipConditions() {}

    /**
     * A class with a field that changes says who may touch it, itself or by the class around it. A private nested class
     * is exempt: nobody but the class around it can hold one, and those of classes without state live inside one call.
     */
    static ArchCondition<JavaClass> sayWhoOwnsThem() {
        return new ArchCondition<>("be @OwnedBy or @ThreadSafe where a field can change") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaField field : type.getFields()) {
                    Set<JavaModifier> modifiers = field.getModifiers();
                    boolean changes = !modifiers.contains(JavaModifier.FINAL)
                            && !modifiers.contains(JavaModifier.STATIC)
                            && !modifiers.contains(JavaModifier.SYNTHETIC);
                    if (changes && !type.getModifiers().contains(JavaModifier.PRIVATE) && !saysOwner(type)) {
                        events.add(SimpleConditionEvent.violated(
                                type,
                                field.getFullName() + " can change, but " + type.getName()
                                        + " is neither @OwnedBy nor @ThreadSafe"));
                    }
                }
            }
        };
    }

    /** One owner: nothing in it is made for several threads. */
    static ArchCondition<JavaClass> haveNothingForSeveralThreads() {
        return new ArchCondition<>("have no volatile field, no synchronized method, no lock and no atomic") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaField field : type.getFields()) {
                    String of = field.getRawType().getPackageName();
                    if (field.getModifiers().contains(JavaModifier.VOLATILE)
                            || of.equals("java.util.concurrent.locks")
                            || of.equals("java.util.concurrent.atomic")) {
                        events.add(
                                SimpleConditionEvent.violated(type, field.getFullName() + " is for several threads"));
                    }
                }
                for (JavaMethod method : type.getMethods()) {
                    if (method.getModifiers().contains(JavaModifier.SYNCHRONIZED)) {
                        events.add(SimpleConditionEvent.violated(type, method.getFullName() + " is synchronized"));
                    }
                }
            }
        };
    }

    /** Whoever takes a buffer of another room says whether it keeps it. */
    static ArchCondition<JavaMethod> sayWhatBecomesOfBuffers() {
        return new ArchCondition<>("have @Borrowed or @Transferred on each array of primitives and each buffer") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                for (JavaParameter parameter : method.getParameters()) {
                    JavaClass type = parameter.getRawType();
                    boolean buffer = BUFFERS.contains(type.getName())
                            || (type.isArray() && type.getComponentType().isPrimitive());
                    if (buffer
                            && !parameter.isAnnotatedWith(Borrowed.class)
                            && !parameter.isAnnotatedWith(Transferred.class)) {
                        events.add(SimpleConditionEvent.violated(
                                method,
                                method.getFullName() + ": parameter " + parameter.getIndex()
                                        + " is neither @Borrowed nor @Transferred"));
                    }
                }
            }
        };
    }

    private static boolean saysOwner(JavaClass type) {
        Optional<JavaClass> at = Optional.of(type);
        while (at.isPresent()) {
            if (at.get().isAnnotatedWith(OwnedBy.class) || at.get().isAnnotatedWith(ThreadSafe.class)) {
                return true;
            }
            at = at.get().getEnclosingClass();
        }
        return false;
    }
}
