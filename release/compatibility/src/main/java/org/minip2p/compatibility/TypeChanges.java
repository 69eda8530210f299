package org.minip2p.compatibility;

import japicmp.model.AccessModifier;
import japicmp.model.JApiBehavior;
import japicmp.model.JApiChangeStatus;
import japicmp.model.JApiClass;
import japicmp.model.JApiCompatibility;
import japicmp.model.JApiCompatibilityChange;
import japicmp.model.JApiCompatibilityChangeType;
import japicmp.model.JApiConstructor;
import japicmp.model.JApiField;
import japicmp.model.JApiHasAccessModifier;
import japicmp.model.JApiHasChangeStatus;
import japicmp.model.JApiImplementedInterface;
import japicmp.model.JApiMethod;
import japicmp.model.JApiModifier;
import japicmp.model.JApiParameter;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javassist.CtClass;

/** What japicmp has found on one type, read as docs/versions.md reads it. */
final class TypeChanges {
    /** What only the host implements, says docs/versions.md: a new method without a default breaks nobody. */
    static final Set<String> IMPLEMENTED_BY_THE_HOST = Set.of(
            "org.minip2p.host.Connection",
            "org.minip2p.host.KeptConnection",
            "org.minip2p.host.Lease",
            "org.minip2p.host.ProtocolContext",
            "org.minip2p.host.ProtocolStream");

    /** What only matters to those who implement or extend a type. */
    private static final Set<JApiCompatibilityChangeType> NEW_DUTIES = EnumSet.of(
            JApiCompatibilityChangeType.METHOD_ADDED_TO_INTERFACE,
            JApiCompatibilityChangeType.METHOD_ABSTRACT_ADDED_TO_CLASS,
            JApiCompatibilityChangeType.METHOD_ABSTRACT_ADDED_IN_SUPERCLASS,
            JApiCompatibilityChangeType.METHOD_ABSTRACT_ADDED_IN_IMPLEMENTED_INTERFACE);

    private final JApiClass type;
    private final List<Change> changes = new ArrayList<>();

    /** Whether japicmp calls something incompatible that is not. */
    private boolean knowsBetter;

    TypeChanges(JApiClass type) {
        this.type = type;
    }

    List<Change> list() {
        String name = type.getFullyQualifiedName();
        if (type.getChangeStatus() == JApiChangeStatus.NEW) {
            return List.of(new Change(Change.Kind.ADDITION, name, "new"));
        }
        if (type.getChangeStatus() == JApiChangeStatus.REMOVED) {
            return List.of(new Change(Change.Kind.INCOMPATIBLE, name, "removed"));
        }
        collect(name, type);
        collect(name, type.getSuperclass());
        for (JApiImplementedInterface implemented : type.getInterfaces()) {
            collect(name + " as " + implemented.getFullyQualifiedName(), implemented);
        }
        for (JApiField field : type.getFields()) {
            if (isVisible(field)) {
                collect(name + '.' + field.getName(), field);
            }
        }
        for (JApiConstructor constructor : type.getConstructors()) {
            collectBehavior(name + parameters(constructor), constructor);
        }
        for (JApiMethod method : type.getMethods()) {
            collectBehavior(name + '.' + method.getName() + parameters(method), method);
        }
        if (!isSealed(type.getOldClass()) && isExtensible(type.getOldClass()) && isSealed(type.getNewClass())) {
            changes.add(new Change(Change.Kind.INCOMPATIBLE, name, "now sealed"));
        }
        // Whatever a later japicmp finds in a place that is not looked at here.
        boolean isCompatible = type.isBinaryCompatible() && type.isSourceCompatible();
        if (!isCompatible && changes.isEmpty() && !knowsBetter) {
            changes.add(new Change(Change.Kind.INCOMPATIBLE, name, "japicmp says so, and not where"));
        }
        return changes;
    }

    private void collectBehavior(String where, JApiBehavior behavior) {
        if (!isVisible(behavior)) {
            return;
        }
        int before = changes.size();
        for (JApiParameter parameter : behavior.getParameters()) {
            collectIncompatible(where, parameter);
        }
        if (behavior instanceof JApiMethod method) {
            collectIncompatible(where, method.getReturnType());
        }
        if (changes.size() == before) {
            collect(where, behavior);
        } else {
            collectIncompatible(where, behavior);
        }
    }

    private <T extends JApiCompatibility & JApiHasChangeStatus> void collect(String where, T part) {
        if (collectIncompatible(where, part)) {
            return;
        }
        if (part == type) {
            // Its status also says that something in it has changed.
            if (!type.getCompatibilityChanges().isEmpty()) {
                changes.add(new Change(Change.Kind.COMPATIBLE, where, words(type)));
            }
        } else if (part.getChangeStatus() == JApiChangeStatus.NEW) {
            changes.add(new Change(Change.Kind.ADDITION, where, "new"));
        } else if (part.getChangeStatus() != JApiChangeStatus.UNCHANGED) {
            changes.add(new Change(Change.Kind.COMPATIBLE, where, words(part)));
        }
    }

    private boolean collectIncompatible(String where, JApiCompatibility part) {
        int before = changes.size();
        for (JApiCompatibilityChange change : part.getCompatibilityChanges()) {
            if (isIncompatible(change)) {
                changes.add(new Change(Change.Kind.INCOMPATIBLE, where, words(change, part)));
            }
        }
        return changes.size() > before;
    }

    private boolean isIncompatible(JApiCompatibilityChange change) {
        boolean isNobodysDuty = NEW_DUTIES.contains(change.getType())
                && (IMPLEMENTED_BY_THE_HOST.contains(type.getFullyQualifiedName())
                        || isSealed(type.getOldClass())
                        || !isExtensible(type.getOldClass()));
        knowsBetter |= isNobodysDuty;
        return !isNobodysDuty && !(change.isBinaryCompatible() && change.isSourceCompatible());
    }

    private static String words(JApiCompatibilityChange change, JApiCompatibility part) {
        String words = change.getType().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        if (change.getType().name().startsWith("METHOD_RETURN_TYPE") && part instanceof JApiMethod method) {
            words += " from " + method.getReturnType().getOldReturnType() + " to "
                    + method.getReturnType().getNewReturnType();
        }
        return words;
    }

    private static String words(JApiCompatibility part) {
        String words = part.getCompatibilityChanges().stream()
                .map(change -> words(change, part))
                .distinct()
                .collect(Collectors.joining(", "));
        return words.isEmpty() ? "changed" : words;
    }

    private static String parameters(JApiBehavior behavior) {
        return behavior.getParameters().stream()
                .map(JApiParameter::getType)
                .collect(Collectors.joining(", ", "(", ")"));
    }

    /** japicmp also lists members that only the package or the class sees. */
    private static boolean isVisible(JApiHasAccessModifier member) {
        JApiModifier<AccessModifier> access = member.getAccessModifier();
        return Stream.of(access.getOldModifier(), access.getNewModifier())
                .flatMap(Optional::stream)
                .anyMatch(modifier -> modifier.getLevel() >= AccessModifier.PROTECTED.getLevel());
    }

    private static boolean isSealed(Optional<CtClass> type) {
        return type.filter(found -> found.getClassFile2().getAttribute("PermittedSubclasses") != null)
                .isPresent();
    }

    private static boolean isExtensible(Optional<CtClass> type) {
        return type.filter(found -> !Modifier.isFinal(found.getModifiers())).isPresent();
    }
}
