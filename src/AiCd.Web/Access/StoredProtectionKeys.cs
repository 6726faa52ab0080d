using System.Xml.Linq;
using AiCd.Web.Store;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace AiCd.Web.Access;

/// <summary>Keeps the keys that protect tokens in the store, so that what one node gave out another one understands.</summary>
internal sealed class StoredProtectionKeys(IWebStore store) : IXmlRepository
{
    // The contract is synchronous; it is asked once a day, and outside of requests' hot paths.
    public IReadOnlyCollection<XElement> GetAllElements() =>
        [.. Task.Run(() => store.ListProtectionKeysAsync(CancellationToken.None)).GetAwaiter().GetResult().Select(key => XElement.Parse(key.Xml))];

    public void StoreElement(XElement element, string friendlyName) =>
        Task.Run(() => store.AddProtectionKeyAsync(friendlyName, element.ToString(SaveOptions.DisableFormatting), CancellationToken.None)).GetAwaiter().GetResult();
}
