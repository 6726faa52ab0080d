Console.WriteLine("aicd");
