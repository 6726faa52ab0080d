using System.Reflection;

namespace AiCd.Host.Tests.Architecture;

/// <summary>Finds in compiled code what a pure core must not touch: IO, clocks, randomness, threads, and other parts of the product.</summary>
internal static class Purity
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] Namespaces =
    [
        "System.IO", "System.Net", "System.Threading", "System.Timers", "System.Data", "System.Security.Cryptography", "Microsoft.Extensions",
    ];

    private static readonly string[] Types =
    [
        "System.TimeProvider", "System.Random", "System.Console", "System.Environment", "System.Diagnostics.Process", "System.Diagnostics.Stopwatch",
    ];

    private static readonly string[] Members =
    [
        "System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTime.get_Today", "System.DateTimeOffset.get_Now",
        "System.DateTimeOffset.get_UtcNow", "System.Guid.NewGuid", "System.Guid.CreateVersion7",
    ];

    // The compiler's iterators ask it, to know whether they may be reused.
    private const string OwnThread = "System.Environment.get_CurrentManagedThreadId";

    /// <param name="home">The namespace that the code belongs to; of the product it may use nothing outside.</param>
    public static IReadOnlyList<string> Violations(IEnumerable<Type> types, string home) =>
    [
        .. from type in types
           from found in UsedBy(type)
           where IsImpure(found.Used, home)
           select $"{type.FullName}.{found.By} uses {NameOf(found.Used)}",
    ];

    private static IEnumerable<(string By, MemberInfo Used)> UsedBy(Type type)
    {
        var methods = type.GetMethods(All).Cast<MethodBase>().Concat(type.GetConstructors(All)).ToList();
        var inBodies = methods.SelectMany(method => IlReader.MembersNamedBy(method).SelectMany(WithTypes).Select(used => (method.Name, used)));
        var inSignatures = methods.SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType)
            .Append((method as MethodInfo)?.ReturnType ?? typeof(void)).SelectMany(Parts).Select(used => (method.Name, used)));
        var inFields = type.GetFields(All).SelectMany(field => Parts(field.FieldType).Select(used => (field.Name, used)));
        var above = type.GetInterfaces().Append(type.BaseType ?? typeof(object)).SelectMany(Parts).Select(used => ("(base)", used));
        return inBodies.Concat(inSignatures).Concat(inFields).Concat(above).Distinct();
    }

    private static IEnumerable<MemberInfo> WithTypes(MemberInfo member) => member switch
    {
        Type type => Parts(type),
        MethodInfo { IsGenericMethod: true } method => method.GetGenericArguments().SelectMany(Parts).Append(method),
        _ => [member],
    };

    private static IEnumerable<MemberInfo> Parts(Type type) => type switch
    {
        { HasElementType: true } => Parts(type.GetElementType()!),
        { IsGenericType: true } => type.GetGenericArguments().SelectMany(Parts).Append(type),
        _ => [type],
    };

    private static bool IsImpure(MemberInfo used, string home)
    {
        var owner = used as Type ?? used.DeclaringType;
        if (owner is null || owner.IsGenericParameter || NameOf(used) == OwnThread)
        {
            return false;
        }

        var space = owner.Namespace ?? "";
        return Types.Contains(NameOf(owner))
            || Members.Contains(NameOf(used))
            || Namespaces.Any(name => IsWithin(space, name))
            || (IsWithin(space, "AiCd") && !IsWithin(space, home));
    }

    private static bool IsWithin(string space, string name) =>
        space.StartsWith(name, StringComparison.Ordinal) && (space.Length == name.Length || space[name.Length] == '.');

    private static string NameOf(MemberInfo member) => member switch
    {
        Type type => $"{type.Namespace}.{type.Name}",
        _ => $"{member.DeclaringType?.Namespace}.{member.DeclaringType?.Name}.{member.Name}",
    };
}
